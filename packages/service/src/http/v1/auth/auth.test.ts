// Tokens and tenants: who may do what, and that nobody learns of what others have.
import { createHash } from 'node:crypto';
import { RUNS_ROUTES, type RunsRoute } from '@pypes/contract/runs';
import { describe, expect, test } from 'vitest';
import { setup } from '../testing/setup.ts';
import { findToken, knowTokens, type StaticToken } from './tokens.ts';

const RUN = { agent: 'echo', input: {} };
const bearer = (token: string, tenant?: string) => ({
  headers: { authorization: `Bearer ${token}`, ...(tenant === undefined ? {} : { 'x-tenant-id': tenant }) },
});
const withTokens = (...tokens: readonly StaticToken[]) => ({ auth: { type: 'static_token' as const, tokens } });
const READER: StaticToken = { name: 'reader', token: 'reader-token', scopes: ['runs:read'] };
const WRITER: StaticToken = { name: 'writer', token: 'writer-token', scopes: ['runs:write'] };

describe('a token', () => {
  test.each([
    ['missing', {}, 401, 'unauthorized'],
    ['another scheme', { authorization: 'Basic cmVhZGVyOnRva2Vu' }, 401, 'unauthorized'],
    ['wrong', { authorization: 'Bearer reader-tokem' }, 401, 'unauthorized'],
    ['longer', { authorization: 'Bearer reader-token1' }, 401, 'unauthorized'],
    ['in two parts', { authorization: 'Bearer reader token' }, 401, 'unauthorized'],
    [
      'its own digest',
      { authorization: `Bearer ${createHash('sha256').update('reader-token').digest('hex')}` },
      401,
      'unauthorized',
    ],
    ['of another scope', { authorization: 'Bearer writer-token' }, 403, 'forbidden'],
  ])('that is %s does not open', async (_, headers, status, type) => {
    const { send, fake } = setup(withTokens(READER, WRITER));
    const answer = await send('GET', '/v1/runs', { headers });
    expect([answer.status, answer.json.error.type]).toEqual([status, type]);
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
    expect(fake.calls).toEqual({});
  });

  test('opens what its scope says, whichever route', async () => {
    const scopes = ['runs:read', 'runs:write', 'eval', 'metrics', 'admin'] as const;
    const tokens = scopes.map((scope) => ({ name: scope, token: `${scope}-token`, scopes: [scope] }));
    const { send } = setup({
      ...withTokens(...tokens),
      metrics: () => '',
      evaluate: async () => ({ scorecard: {}, gate_decision: {} }),
    });
    for (const route of RUNS_ROUTES as readonly RunsRoute[]) {
      for (const scope of scopes) {
        const path = route.path.replace('{id}', 'x').replace('{path}', 'y');
        const { status } = await send(route.method, path, bearer(`${scope}-token`));
        const mayPass = route.scope === undefined || scope === route.scope || scope === 'admin';
        expect([route.id, scope, status !== 401 && status !== 403]).toEqual([route.id, scope, mayPass]);
      }
    }
  });

  test('may be given by its digest, and the operator has his beside', async () => {
    const sha256 = createHash('sha256').update('secret-token').digest('hex').toUpperCase();
    const tokens = withTokens({ name: 'digest', sha256, scopes: ['runs:read'] });
    const { send } = setup(tokens, { auth: { required: true, operatorToken: 'op' } });
    expect((await send('GET', '/v1/runs', bearer('secret-token'))).status).toBe(200);
    expect((await send('POST', '/v1/runs', { body: RUN, ...bearer('op') })).status).toBe(202);
  });

  test('is asked for where the service asks for tokens, and nowhere else', async () => {
    const asking = setup({}, { auth: { required: true, operatorToken: 'operator' } });
    expect((await asking.send('GET', '/v1/runs')).status).toBe(401);
    expect((await asking.send('GET', '/v1/runs', bearer('operator'))).status).toBe(200);
    expect((await setup({}, { auth: { required: true } }).send('GET', '/v1/runs', bearer('x'))).status).toBe(401);
    const open = setup({ auth: { type: 'none' } }, { auth: { required: true, operatorToken: 'operator' } });
    expect((await open.send('GET', '/v1/runs')).status).toBe(200);
  });

  test('is never logged nor answered', async () => {
    const { send, logged } = setup(withTokens(READER));
    const answer = await send('GET', '/v1/runs', bearer('reader-tokem'));
    expect(answer.text + JSON.stringify(logged)).not.toMatch(/reader-toke/);
  });

  test('is found among others, first, last or never', async () => {
    const known = await knowTokens(
      Array.from({ length: 5 }, (_, index) => ({ name: `t${index}`, token: `token-${index}-x`, scopes: [] })),
    );
    for (const index of [0, 4]) expect((await findToken(known, `token-${index}-x`))?.name).toBe(`t${index}`);
    expect(await findToken(known, 'token-5-x')).toBeUndefined();
    expect(await findToken([], 'token-5-x')).toBeUndefined();
  });

  test.each<[string, StaticToken]>([
    ['no name', { ...READER, name: '' }],
    ['spaces', { name: 'x', token: 'not sendable', scopes: [] }],
    ['a digest that is none', { name: 'x', sha256: 'abc', scopes: [] }],
    ['an unknown scope', { ...READER, scopes: ['root' as 'admin'] }],
    ['a tenant that is none', { ...READER, tenants: ['../x'] }],
  ])('with %s is refused before anything is served', (_, token) => {
    expect(() => setup(withTokens(token))).toThrowError(expect.objectContaining({ code: 'invalid_request' }));
  });
});

describe('a tenant', () => {
  const ONE: StaticToken = { name: 'one', token: 'one-tenant', scopes: ['admin'], tenants: ['acme'] };
  const TWO: StaticToken = { name: 'two', token: 'two-tenants', scopes: ['admin'], tenants: ['acme', 'beta'] };
  const NONE: StaticToken = { name: 'none', token: 'none-tenant', scopes: ['admin'], tenants: [''] };

  test.each([
    [ONE, undefined, 'acme'],
    [ONE, 'acme', 'acme'],
    [ONE, 'beta', 403],
    [ONE, 'ACME', 403],
    [TWO, undefined, 403],
    [TWO, 'beta', 'beta'],
    [TWO, 'gamma', 403],
    [NONE, undefined, ''],
    [NONE, 'acme', 403],
    [{ ...ONE, tenants: '*' as const }, undefined, ''],
    [{ ...ONE, tenants: '*' as const }, 'gamma', 'gamma'],
    [{ ...ONE, tenants: [] }, undefined, 403],
  ])('%#: is the one that the token may use', async (token, tenant, wanted) => {
    const { send, fake } = setup(withTokens(token));
    const { status, json } = await send('POST', '/v1/runs', {
      body: RUN,
      ...bearer('token' in token ? token.token : '', tenant),
    });
    if (typeof wanted === 'number') expect([status, fake.calls]).toEqual([wanted, {}]);
    else expect((await fake.get({ tenant: wanted, run_id: json.run_id })).tenant).toBe(wanted);
  });

  test.each([
    [''],
    ['a b'],
    ['a/b'],
    ['../acme'],
    ['acme,beta'],
    ['acme, beta'],
    ['x'.repeat(65)],
    ['é'],
    ['acme\t;x'],
    ['%61cme'],
  ])('is not called %j', async (tenant) => {
    const { send, fake } = setup();
    const { status, json } = await send('GET', '/v1/runs', { headers: { 'x-tenant-id': tenant } });
    expect([status, json.error.type, fake.calls]).toEqual([400, 'invalid_request', {}]);
  });

  test("never learns of another's run, by any route: the answer is the one for a run that never was", async () => {
    const evaluate = async () => ({ scorecard: {}, gate_decision: {} });
    const there = setup({ evaluate });
    await there.fake.create(RUN, { tenant: 'acme' });
    await there.fake.put({ tenant: 'acme', run_id: 'run-000001' }, 'files/a.txt', 'x', 'text/plain');
    const never = setup({ evaluate });
    for (const route of (RUNS_ROUTES as readonly RunsRoute[]).filter(({ path }) => path.includes('{id}'))) {
      const path = route.path.replace('{id}', 'run-000001').replace('{path}', 'files/a.txt');
      const sent = { headers: { 'x-tenant-id': 'beta' } };
      const mine = await there.send(route.method, path, sent);
      const nobodys = await never.send(route.method, path, sent);
      expect([route.id, mine.status]).toEqual([route.id, 404]);
      expect([mine.text, [...mine.headers]]).toEqual([nobodys.text, [...nobodys.headers]]);
    }
    const calls = (fake: typeof there.fake) => ({ ...fake.calls, create: 0 });
    expect(calls(there.fake)).toEqual(calls(never.fake));
    expect((await there.send('GET', '/v1/runs', { headers: { 'x-tenant-id': 'beta' } })).json.runs).toEqual([]);
    expect((await there.send('GET', '/v1/runs')).json.runs).toEqual([]);
  });

  test('has Idempotency-Keys of its own', async () => {
    const { send } = setup();
    const sent = (tenant: string, agent: string) =>
      send('POST', '/v1/runs', {
        body: { agent, input: {} },
        headers: { 'x-tenant-id': tenant, 'idempotency-key': 'k' },
      });
    expect([
      (await sent('acme', 'a')).status,
      (await sent('beta', 'b')).status,
      (await sent('acme', 'b')).status,
    ]).toEqual([202, 202, 409]);
  });
});
