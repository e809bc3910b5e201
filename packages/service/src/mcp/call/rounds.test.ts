// Questions to a client, and their answers: what travels through a client cannot be forged, moved or used twice.
import type { JsonObject } from '@pypes/contract';
import { createAsk } from '@pypes/guard';
import { createMemoryApprovalStore } from '@pypes/stores/memory';
import { afterEach, describe, expect, test } from 'vitest';
import { type Answer, agentOf, openDoor, type TestDoor, textOf } from '../testing/open-door.ts';

const doors: TestDoor[] = [];
afterEach(() => Promise.all(doors.splice(0).map((door) => door.close())));
const open = (...given: Parameters<typeof openDoor>): TestDoor => {
  const door = openDoor(...given);
  doors.push(door);
  return door;
};

const ELICIT = { capabilities: { elicitation: {} } };
const OPERATOR = { authorization: 'Bearer the-operator' };
const AUTH = { required: false, operatorToken: 'the-operator' };
const ASK = agentOf(
  'ask',
  `if (!args.mcp.answers.ok) return { input_required: { ok: { method: 'elicitation/create', params: { message: 'Sure?', requestedSchema: { type: 'object', properties: {} } } } }, state: { secret: args.n } };
  return 'remembered ' + args.mcp.state?.secret;`,
  { mcp: { asks: true } },
);
const OK = { ok: { action: 'accept', content: {} } };

const stateOf = ({ result }: Answer): string => String(result.requestState);

describe('a state', () => {
  test('comes back to the request that it was made for', async () => {
    const { call } = open({ 'ask.mjs': ASK });
    const first = await call('ask', { n: 1 }, ELICIT);
    expect(first.result).toMatchObject({ resultType: 'input_required' });
    const again = await call(
      'ask',
      { n: 1 },
      { ...ELICIT, params: { inputResponses: OK, requestState: stateOf(first) } },
    );
    expect(textOf(again)).toBe('remembered 1');
  });

  test.each<
    [string, (state: string) => { args?: JsonObject; name?: string; state?: string; headers?: Record<string, string> }]
  >([
    ['with another seal', (state) => ({ state: `${state.slice(0, -4)}AAAA` })],
    [
      'with another content',
      (state) => ({
        state: state.replace(
          /^v1\.[^.]+/,
          `v1.${btoa(JSON.stringify({ p: { of: '', state: { secret: 9 } }, exp: 9e9 }))}`,
        ),
      }),
    ],
    ['that is none', () => ({ state: 'remember: 9' })],
    ['for other arguments', () => ({ args: { n: 2 } })],
    ['for another tool', () => ({ name: 'other' })],
    ['from another client', () => ({ headers: OPERATOR })],
    ['from another user', () => ({ headers: { 'pypes-user': '6e3b1f1e-3f55-4c38-9d52-0d5c8a6f9f01' } })],
  ])('%s is refused', async (_what, forge) => {
    const { call } = open({ 'ask.mjs': ASK, 'other.mjs': ASK.replace('"ask"', '"other"') }, { auth: AUTH });
    const given = stateOf(await call('ask', { n: 1 }, ELICIT));
    const { name = 'ask', args = { n: 1 }, state = given, headers = {} } = forge(given);
    const answer = await call(name, args, { ...ELICIT, headers, params: { inputResponses: OK, requestState: state } });
    expect(answer.error).toMatchObject({ code: -32_602 });
  });

  test('of one process is none of another', async () => {
    const given = stateOf(await open({ 'ask.mjs': ASK }).call('ask', { n: 1 }, ELICIT));
    const answer = await open({ 'ask.mjs': ASK }).call(
      'ask',
      { n: 1 },
      { ...ELICIT, params: { inputResponses: OK, requestState: given } },
    );
    expect(answer.error).toMatchObject({ code: -32_602 });
  });
});

test('a model cannot put answers where a client’s belong', async () => {
  const { call, send } = open({ 'ask.mjs': ASK });
  const [tool] = (await send('tools/list')).result.tools as readonly JsonObject[];
  expect(JSON.stringify(tool)).not.toContain('"mcp"');
  const answer = await call('ask', { n: 1, mcp: { answers: OK, state: { secret: 'forged' } } }, ELICIT);
  expect(answer.result.isError).toBe(true);
});

test('an agent asks nobody who cannot be asked', async () => {
  const { call } = open({ 'ask.mjs': ASK });
  const answer = await call('ask', { n: 1 });
  expect(answer.status).toBe(400);
  expect(answer.error).toMatchObject({ code: -32_021, data: { requiredCapabilities: { elicitation: {} } } });
});

describe('a person’s yes', () => {
  function withApprovals() {
    const store = createMemoryApprovalStore();
    let ids = 0;
    const ask = createAsk({ store, now: Date.now, newId: () => `q${++ids}`, policyVersion: '1' });
    const sent: JsonObject[] = [];
    const door = open(
      { 'send.mjs': agentOf('send', 'return "sent " + args.to;') },
      {
        auth: AUTH,
        approvals: store,
        policies: [
          async (call, next) => {
            if (call.to !== 'send') return next(call);
            await ask(call, { policy: 'approve', reason: 'It leaves' });
            sent.push(call.args);
            return next(call);
          },
        ],
      },
    );
    const decide = (decision: string) => ({ approval: { action: 'accept', content: { decision } } });
    return { ...door, store, sent, decide };
  }
  const more = { ...ELICIT, headers: OPERATOR };

  test('is asked with what it is for, and lets exactly that call through, once', async () => {
    const { call, decide, sent } = withApprovals();
    const first = await call('send', { to: 'a' }, more);
    expect(JSON.stringify(first.result.inputRequests)).toContain('It leaves');
    expect(JSON.stringify(first.result.inputRequests)).toContain('{\\"to\\":\\"a\\"}');
    const params = { inputResponses: decide('grant'), requestState: stateOf(first) };
    expect(textOf(await call('send', { to: 'a' }, { ...more, params }))).toBe('sent a');
    const replayed = await call('send', { to: 'a' }, { ...more, params });
    expect(replayed.result.isError).toBe(true);
    expect((await call('send', { to: 'b' }, { ...more, params })).error).toMatchObject({ code: -32_602 });
    expect(sent).toEqual([{ to: 'a' }]);
  });

  test('that was never asked for is none', async () => {
    const { call, decide, sent } = withApprovals();
    const answer = await call('send', { to: 'a' }, { ...more, params: { inputResponses: decide('grant') } });
    expect(answer.result).toMatchObject({ resultType: 'input_required' });
    expect(sent).toEqual([]);
  });

  test.each(['deny', 'decline'])('that is a no ends the call (%s)', async (how) => {
    const { call, decide, sent, store } = withApprovals();
    const first = await call('send', { to: 'a' }, more);
    const inputResponses = how === 'deny' ? decide('deny') : { approval: { action: 'decline' } };
    const answer = await call(
      'send',
      { to: 'a' },
      { ...more, params: { inputResponses, requestState: stateOf(first) } },
    );
    expect(answer.result.isError).toBe(true);
    expect((await store.list())[0]).toMatchObject({ state: 'denied' });
    expect(sent).toEqual([]);
  });

  test.each(['cancel', 'nonsense'])('that was not given is asked for again (%s)', async (how) => {
    const { call, decide, sent } = withApprovals();
    const first = await call('send', { to: 'a' }, more);
    const inputResponses = how === 'cancel' ? { approval: { action: 'cancel' } } : decide('yes, please');
    const answer = await call(
      'send',
      { to: 'a' },
      { ...more, params: { inputResponses, requestState: stateOf(first) } },
    );
    expect(answer.result).toMatchObject({ resultType: 'input_required' });
    expect(sent).toEqual([]);
  });

  test('is not asked of clients without the operator’s token, nor taken from them', async () => {
    const { call, decide, sent, store } = withApprovals();
    const answer = await call('send', { to: 'a' }, ELICIT);
    expect(answer.result.isError).toBe(true);
    const first = await call('send', { to: 'a' }, more);
    const params = { inputResponses: decide('grant'), requestState: stateOf(first) };
    expect((await call('send', { to: 'a' }, { ...ELICIT, params })).error).toMatchObject({ code: -32_602 });
    expect((await store.list()).map(({ state }) => state)).toEqual(['pending']);
    expect(sent).toEqual([]);
  });
});
