// Programs that never end, take all memory, or say too much, in every language of the edge: each ends its own call alone.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AGENTS, type Language } from '../../../../conformance/src/agents/agents.ts';
import { bundle, send } from '../workers/testing/requests.ts';
import { type Edge, type EdgePlace, edgeSkipReason, packageForTests } from './testing/edge.ts';

const LANGUAGES = ['lispy', 'javascript', 'lua'] as const satisfies readonly Language[];
const OTHER = '9b2d1c34-1111-4222-8333-444455556666';

describe.skipIf(edgeSkipReason !== undefined)(`hostile programs ${edgeSkipReason ?? ''}`, () => {
  let place: EdgePlace;
  let edge: Edge;
  beforeAll(async () => {
    place = await packageForTests();
    edge = await place.start({ PYPES_LOG_LEVEL: 'error', PYPES_LIMITS_CPU_MS: '1000', PYPES_LIMITS_CALL_MS: '20000' });
  });
  afterAll(() => place?.remove());

  const deploy = async (language: Language, names: readonly (keyof (typeof AGENTS)['lispy'])[], guid?: string) => {
    const agents = names.map((name) => AGENTS[language][name]);
    const { status, body } = await send(fetch, '/api/pack/deploy', { body: bundle(guid, language, agents) }, edge.url);
    expect(status).toBe(200);
    return body.pack_guid as string;
  };
  const call = (guid: string, name: string, args: object = {}) =>
    send(fetch, `/api/pack/${guid}/agent`, { body: { name, args } }, edge.url);

  describe.each(LANGUAGES)('%s', (language) => {
    it.each([
      ['spin', {}],
      ['swell', {}],
      ['flood', { bytes: 64 * 1024 * 1024 }],
    ])('%s ends that call, and the packs go on', async (name, args) => {
      const guid = await deploy(language, ['spin', 'swell', 'flood', 'echo', 'remember', 'recall']);
      await deploy('lispy', ['echo'], OTHER);
      await call(guid, 'remember', { key: 'k', value: 'kept' });
      const hostile = call(guid, name, args);
      const meanwhile = call(OTHER, 'echo', { value: 1 });
      expect([500, 504, 507]).toContain((await hostile).status);
      expect((await meanwhile).body).toEqual({ status: 'ok', output: 1 });
      expect((await call(guid, 'echo', { value: 2 })).body).toEqual({ status: 'ok', output: 2 });
      expect((await call(guid, 'recall', { key: 'k' })).body).toEqual({ status: 'ok', output: 'kept' });
      // Nothing was killed for it: it is the same process.
      expect(() => process.kill(edge.pid, 0)).not.toThrow();
    });

    it('many of them at once', async () => {
      const guid = await deploy(language, ['spin', 'echo']);
      const spinning = await Promise.all(Array.from({ length: 4 }, () => call(guid, 'spin')));
      for (const { status } of spinning) expect([500, 504, 507]).toContain(status);
      expect((await call(guid, 'echo', { value: 1 })).body).toEqual({ status: 'ok', output: 1 });
    });
  });
});
