// Components at another endpoint: their types, what they import, and the context that they ask here.
import { DEFAULT_LIMITS } from '@pypes/contract';
import { createComponentRuntime } from '@pypes/runtimes/component';
import { afterAll, expect, it } from 'vitest';
import { hosted } from '../../../../runtimes/src/component/testing/hosted.ts';
import { asking, PLAIN_WIT, plain } from '../../../../runtimes/src/component/testing/skills.ts';
import { sourceFile } from '../../../../runtimes/src/testing/source-file.ts';
import { callOne, failureOf } from './testing/call.ts';
import { startPair } from './testing/pair.ts';

const pair = await startPair({
  runtimes: [createComponentRuntime()],
  languages: [{ name: 'component', extensions: ['.wasm'], companions: ['.wit'] }],
});
afterAll(() => pair.close());
const [runtime] = pair.remote.runtimes;

async function load(name: string, bytes: Uint8Array, beside: { readonly [name: string]: string } = {}) {
  const sibling = async (file: string) =>
    beside[file] === undefined ? undefined : new TextEncoder().encode(beside[file]);
  const agents = (await runtime?.load(sourceFile(name, bytes, { sibling }), DEFAULT_LIMITS)) ?? [];
  return new Map(agents.map((agent) => [agent.metadata.name, agent]));
}

it('has an agent for each function, with the words of the .wit that lies beside it', async () => {
  const agents = await load('plain.wasm', await plain(), { 'plain.wit': PLAIN_WIT });
  expect(agents.size).toBe(11);
  const echo = agents.get('echo');
  expect(echo?.metadata).toMatchObject({ description: 'Gives back what it gets.', parameters: { required: ['text'] } });
  if (echo !== undefined) expect((await callOne(echo, { text: 'hé 👋' })).output).toBe('hé 👋');
  const trap = agents.get('trap');
  if (trap !== undefined) expect(await failureOf(callOne(trap))).toMatchObject({ code: 'handler_failed' });
});

it('refuses a component that is not what its .wit says', async () => {
  const failure = await failureOf(
    load('plain.wasm', await plain(), { 'plain.wit': 'package a:b; world w { export x: func(); }' }),
  );
  expect(failure).toMatchObject({ code: 'agent_broken' });
});

it('keeps a memory that lies here', async () => {
  const remember = (await load('hosted.wasm', await hosted())).get('remember');
  if (remember === undefined) throw new Error('There is no such agent');
  const { output, context } = await callOne(remember, { key: 'city', value: '"Oslo"' });
  expect(output).toBeNull();
  expect(await context.memory.get('city')).toBe('Oslo');
  expect(context.logs).toHaveLength(1);
  expect(context.progresses).toEqual([{ fraction: 0.5 }]);
});

it('says what it imports, so that a call without it is refused before it is sent', async () => {
  const total = (await load('asking.wasm', await asking())).get('total');
  expect(total?.imports).toEqual([{ name: 'test:asking/prices@1.0.0', agents: ['test:asking/prices@1.0.0#get'] }]);
});
