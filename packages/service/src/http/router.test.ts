// Finding a route, the first time and again, whatever else was asked for in between.
import { isPypesError } from '@pypes/contract';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchRoute } from './router.ts';

const outcome = (method: string, path: string): unknown => {
  try {
    return matchRoute(method, `http://127.0.0.1:7080${path}`);
  } catch (error) {
    return isPypesError(error) ? [error.code, error.details] : error;
  }
};

it.each([
  ['POST', '/api/pack/deploy', { id: 'deploy', guid: '', spelling: 'pack' }],
  ['POST', '/api/swarm/deploy?a=b', { id: 'deploy', guid: '', spelling: 'swarm' }],
  ['POST', '/api/pack/x/agent', { id: 'call', guid: 'x', spelling: 'pack' }],
  ['POST', '/api/pack/a%20b/agent#c', { id: 'call', guid: 'a b', spelling: 'pack' }],
  ['HEAD', '/api/pack/x/healthz', { id: 'packHealth', guid: 'x', spelling: 'pack' }],
  ['GET', '/api/pack/healthz', { id: 'health', guid: '', spelling: 'pack' }],
  ['POST', '/api/pack/deploy/agent', ['not_found', undefined]],
  ['POST', '/api/pack//agent', ['not_found', undefined]],
  ['POST', '/api/pack/%ff/agent', ['invalid_request', undefined]],
  ['GET', '/api/pack/x/agent', ['method_not_allowed', { allowed: ['POST'] }]],
  ['POST', `/api/pack/${'x'.repeat(200)}/agent`, { id: 'call', guid: 'x'.repeat(200), spelling: 'pack' }],
])('%s %s', (method, path, expected) => {
  expect(outcome(method, path)).toEqual(expected);
  expect(outcome(method, path)).toEqual(expected);
});

it('is the same after any number of others', () => {
  const guid = fc.stringMatching(/^[a-z\d.-]{1,8}$/);
  const path = fc.tuple(
    fc.constantFrom('pack', 'swarm', 'other'),
    guid,
    fc.constantFrom('agent', 'healthz', 'bundle', ''),
  );
  const asked = fc.record({ method: fc.constantFrom('GET', 'POST', 'DELETE', 'HEAD', 'PUT'), path });
  fc.assert(
    fc.property(fc.array(asked, { minLength: 1, maxLength: 400 }), (all) => {
      const ask = () =>
        all.map(({ method, path: [door, id, what] }) =>
          outcome(method, `/api/${door}/${id}${what === '' ? '' : `/${what}`}`),
        );
      const first = ask();
      expect(ask()).toEqual(first);
      for (const [
        index,
        {
          path: [door, id],
        },
      ] of all.entries()) {
        const found = first[index] as { guid?: string; spelling?: string };
        if (found.guid !== undefined && found.guid !== '') expect([found.spelling, found.guid]).toEqual([door, id]);
      }
    }),
    { numRuns: 20 },
  );
});
