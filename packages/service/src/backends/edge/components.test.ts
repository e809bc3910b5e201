// WebAssembly at the edge itself: each file in an isolate of its own, with nothing but what its pack gives it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assemble } from '../../../../runtimes/src/component/core/testing/assemble.ts';
import { running } from '../../../../runtimes/src/component/core/testing/load.ts';
import { amplifying } from '../../../../runtimes/src/component/testing/amplifying.ts';
import { hosted } from '../../../../runtimes/src/component/testing/hosted.ts';
import { ending, results, starting, swelling } from '../../../../runtimes/src/component/testing/hostile.ts';
import { counters, counterUser } from '../../../../runtimes/src/component/testing/resources.ts';
import { asking, plain } from '../../../../runtimes/src/component/testing/skills.ts';
import { prices } from '../../../../runtimes/src/component/testing/wired.ts';
import { answering, bundle, send } from '../workers/testing/requests.ts';
import { type Edge, type EdgePlace, edgeSkipReason, packageForTests } from './testing/edge.ts';

const SKILLS = join(import.meta.dirname, '../../../../../skills');
const OTHER = '9b2d1c34-1111-4222-8333-444455556666';
const ANN = '11111111-1111-4111-8111-111111111111';
const BEN = '22222222-2222-4222-8222-222222222222';

const file = async (name: string, bytes: Uint8Array | Promise<Uint8Array>) => ({
  filename: `${name}.wasm`,
  source_base64: Buffer.from(await bytes).toString('base64'),
});
const skill = (name: string) => file(name, readFileSync(join(SKILLS, name, 'component.wasm')));

describe.skipIf(edgeSkipReason !== undefined)(`components at the edge ${edgeSkipReason ?? ''}`, () => {
  let place: EdgePlace;
  let edge: Edge;
  beforeAll(async () => {
    place = await packageForTests();
    edge = await place.start({ PYPES_LIMITS_CPU_MS: '1000', PYPES_LIMITS_CALL_MS: '10000' });
  });
  afterAll(() => place?.remove());

  const deploy = async (agents: readonly object[], guid?: string) => {
    const { status, body } = await send(fetch, '/api/pack/deploy', { body: bundle(guid, 'skills', agents) }, edge.url);
    expect(status).toBe(200);
    return body.pack_guid as string;
  };
  const call = async (guid: string, name: string, args: object = {}, user_guid = ANN) =>
    (await send(fetch, `/api/pack/${guid}/agent`, { body: { name, args, user_guid } }, edge.url)).body;

  it('are declared', async () => {
    const { runtimes } = (await send(fetch, '/api/pack/healthz', {}, edge.url)).body;
    expect(runtimes).toEqual(['lispy', 'javascript', 'lua', 'component']);
  });

  it('answer: what the repository has as skills', async () => {
    const guid = await deploy([await skill('checksums'), await skill('finance'), await skill('statistics')]);
    expect(await call(guid, 'crc32', { data: 'MTIzNDU2Nzg5' })).toEqual({ status: 'ok', output: 3421780262 });
    const rounded = await call(guid, 'round-money', { amount: 2.345, currency: 'EUR' });
    expect(rounded).toMatchObject({ status: 'ok', output: { decimals: 2 } });
  });

  it('say what they fail with', async () => {
    const guid = await deploy([await file('plain', plain())]);
    expect(await call(guid, 'check', { n: 5 })).toMatchObject({ output: 5 });
    expect(await call(guid, 'check', { n: -1 })).toMatchObject({
      code: 'handler_failed',
      payload: 'negative',
    });
    expect(await call(guid, 'double', { n: -1 })).toMatchObject({ code: 'invalid_input' });
    expect(await call(guid, 'trap')).toMatchObject({ code: 'handler_failed' });
    expect(await call(guid, 'echo', { text: 'hé 👋' })).toMatchObject({ output: 'hé 👋' });
  });

  it('have the memory of their pack and user, and log', async () => {
    const guid = await deploy([await file('hosted', hosted())]);
    expect(await call(guid, 'remember', { key: 'k', value: '1' })).toMatchObject({ output: null });
    expect(await call(guid, 'remember', { key: 'k', value: '2' })).toMatchObject({ output: '1' });
    expect(await call(guid, 'remember', { key: 'k', value: '3' }, BEN)).toMatchObject({ output: null });
    // The guard decides in the object of the pack: nobody has granted this.
    const asked = { operation: 'fetch', parameters: '{"url":"https://example.com/"}' };
    expect(await call(guid, 'ask', asked)).toMatchObject({ code: 'handler_failed', payload: {} });
  });

  it('call what they import from each other', async () => {
    const guid = await deploy([await file('asking', asking()), await file('prices', prices())]);
    expect(await call(guid, 'total', { symbol: 'abcd' })).toMatchObject({ output: 8 });
    expect(await call(guid, 'total', { symbol: 'bad' })).toMatchObject({ payload: 'unknown' });
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, n) => call(guid, 'total', { symbol: 'x'.repeat(n + 1) })),
    );
    expect(all.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(all.map(({ output }) => output)).toEqual(all.map((_, n) => 2 * (n + 1)));
  });

  it('keep resources for their user, and for nobody else', async () => {
    const guid = await deploy([await file('counters', counters()), await file('user', counterUser())]);
    const { output: self } = await call(guid, 'new-counter', { start: 5 });
    expect(await call(guid, 'counter-increment', { self })).toMatchObject({ output: 6 });
    expect(await call(guid, 'counter-increment', { self }, BEN)).toMatchObject({ status: 'error' });
    expect(await call(guid, 'counter-increment', { self })).toMatchObject({ output: 7 });
    expect(await call(guid, 'twice', { start: 1 })).toMatchObject({ status: 'ok' });
  });

  it('keep what one user left from the next', async () => {
    const guid = await deploy([await file('ending', ending())]);
    expect(await call(guid, 'poke', { at: 4000, value: 77 })).toMatchObject({ status: 'ok' });
    expect(await call(guid, 'peek', { at: 4000 }, BEN)).toMatchObject({ output: 0 });
    expect(await call(guid, 'peek', { at: 4000 })).toMatchObject({ output: 77 });
    // A new version begins anew.
    await deploy([await file('ending', ending()), answering('more', 'x')], guid);
    expect(await call(guid, 'count')).toMatchObject({ status: 'ok' });
  });

  const AGENT = '{"name":"test","parameters":{"type":"object"}}';

  it('may be core modules, which end like components', async () => {
    const given =
      '(i64.or (i64.shl (i64.extend_i32_u (local.get $at)) (i64.const 32)) (i64.extend_i32_u (local.get $length)))';
    const code = `(if (i32.eq (local.get $length) (i32.const 2)) (then (loop $l (br $l)))) ${given}`;
    const guid = await deploy([await file('core', assemble(running(code, { agent: AGENT })))]);
    expect(await call(guid, 'test', { a: [1, 'é'] })).toEqual({ status: 'ok', output: { a: [1, 'é'] } });
    expect(await call(guid, 'test')).toMatchObject({ code: 'resource_exhausted', limit: 'cpu_ms' });
    expect(await call(guid, 'test', { b: 2 })).toMatchObject({ output: { b: 2 } });
  });

  describe('that are hostile end their own call', () => {
    const BOUND = { code: 'resource_exhausted' };
    const sameProcess = async (guid: string) => {
      await deploy([answering('who', 'other')], OTHER);
      expect(await call(OTHER, 'who')).toMatchObject({ output: 'other' });
      expect((await call(guid, 'fine')).output ?? 7).toBe(7);
      expect(() => process.kill(edge.pid, 0)).not.toThrow();
    };

    it('with an endless loop, a deep recursion, a trap', async () => {
      const guid = await deploy([await file('ending', ending())]);
      const exhausted = { ...BOUND, limit: 'cpu_ms', maximum: 1_000 };
      expect(await call(guid, 'spin')).toMatchObject(exhausted);
      const many = await Promise.all(Array.from({ length: 4 }, () => call(guid, 'spin')));
      for (const each of many) expect(each).toMatchObject(exhausted);
      expect(await call(guid, 'recurse', { depth: 2 ** 31 })).toMatchObject({ status: 'error' });
      expect(await call(guid, 'trap')).toMatchObject({ code: 'handler_failed' });
      expect(await call(guid, 'divide', { by: 1 })).toMatchObject({ output: 1 });
      await sameProcess(guid);
    });

    it('with a loop before the first call', async () => {
      const guid = await deploy([await file('starting', starting('(loop $l (br $l))'))]);
      expect(await call(guid, 'fine')).toMatchObject(BOUND);
      await sameProcess(OTHER);
    });

    it.each(['options', 'bytes', 'texts'])('with all of its memory as %s', async (name) => {
      const guid = await deploy([await file('swelling', swelling())]);
      expect(await call(guid, name)).toMatchObject({
        code: expect.stringMatching(/output_too_large|resource_exhausted/),
      });
      await sameProcess(guid);
    });

    it.each(['bytes-huge', 'texts-huge', 'text-far', 'enum-beyond', 'text-no-utf8'])(
      'with the result %s',
      async (name) => {
        const guid = await deploy([await file('results', results())]);
        expect(await call(guid, name)).toMatchObject({ status: 'error' });
        await sameProcess(guid);
      },
    );

    it.each(['random', 'clock', 'wait', 'print'])('with an endless loop around %s', async (name) => {
      const guid = await deploy([await file('amplifying', amplifying())]);
      expect(await call(guid, name)).toMatchObject({ status: 'error' });
      await sameProcess(guid);
    });

    it('and leave the process going, however many there were', async () => {
      const other = await packageForTests();
      try {
        const { url } = await other.start({ PYPES_LIMITS_CPU_MS: '50', PYPES_LIMITS_CALL_MS: '100' });
        const agents = [await file('amplifying', amplifying())];
        for (let round = 0; round < 16; round++) {
          const { body } = await send(fetch, '/api/pack/deploy', { body: bundle(undefined, 'skills', agents) }, url);
          const callOne = async (name: string, args: object, user_guid: string) =>
            (await send(fetch, `/api/pack/${body.pack_guid}/agent`, { body: { name, args, user_guid } }, url)).body;
          expect(await callOne('print', {}, ANN)).toMatchObject({ status: 'error' });
          const sleeping = callOne('sleep', { nanoseconds: 3_600_000_000_000 }, ANN);
          await callOne('fine', {}, BEN);
          expect(await sleeping).toMatchObject({ code: 'timeout' });
        }
      } finally {
        await other.remove();
      }
    });

    it('with a sleep that is longer than a call', async () => {
      const guid = await deploy([await file('amplifying', amplifying())]);
      const sleeping = call(guid, 'sleep', { nanoseconds: 3_600_000_000_000 });
      expect(await call(guid, 'fine', {}, BEN)).toMatchObject({ output: 7 });
      expect(await sleeping).toMatchObject({ code: 'timeout' });
      await sameProcess(guid);
    });

    it('with bytes that are no component inside', async () => {
      const bytes = await plain();
      bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 40);
      const guid = await deploy([await file('broken', bytes), answering('who', 'x')]);
      expect(await call(guid, 'echo', { text: 'x' })).toMatchObject({ status: 'error' });
      expect(await call(guid, 'who')).toMatchObject({ output: 'x' });
    });
  });
});
