// The suite's agents in JavaScript.
import type { AgentName } from './agents.ts';

export const JAVASCRIPT: { readonly [name in AgentName]: string } = {
  echo: `export const AGENT = { name: 'echo', description: 'Gives back what it gets' };
export const run = (context, { value = null }) => value;
`,
  add: `export const AGENT = { name: 'add', parameters: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a', 'b'], additionalProperties: false }, returns: { type: 'number' } };
export const run = (context, { a, b }) => a + b;
`,
  fail: `export const AGENT = { name: 'fail' };
export const run = () => { throw new Error('broken on purpose'); };
`,
  remember: `export const AGENT = { name: 'remember' };
export async function run(context, { key, value }) {
  await context.memory.set(key, value);
  return null;
}
`,
  recall: `export const AGENT = { name: 'recall' };
export const run = async (context, { key }) => (await context.memory.get(key)) ?? null;
`,
  count: `export const AGENT = { name: 'count' };
export async function run(context) {
  const n = ((await context.memory.get('n')) ?? 0) + 1;
  await context.memory.set('n', n);
  return n;
}
`,
  whoami: `export const AGENT = { name: 'whoami' };
export const run = (context) => ({ user: context.user_guid ?? null, pack: context.pack_guid, agent: context.agent });
`,
  say: `export const AGENT = { name: 'say' };
export function run(context) {
  console.log('printed');
  context.log('info', 'logged', { n: 1 });
  context.progress(0.5, 'half');
  return 'said';
}
`,
  lie: `export const AGENT = { name: 'lie', returns: { type: 'number' } };
export const run = () => 'no number';
`,
  spin: `export const AGENT = { name: 'spin' };
export const run = () => { while (true); };
`,
  swell: `export const AGENT = { name: 'swell' };
export function run() {
  const kept = [];
  while (true) kept.push(new Array(1_000_000).fill(kept.length));
}
`,
  flood: `export const AGENT = { name: 'flood' };
export const run = (context, { bytes }) => 'x'.repeat(bytes);
`,
  reach: `export const AGENT = { name: 'reach' };
export async function run(context) {
  const got = [];
  const attempt = async (what, act) => {
    try {
      const value = await act();
      if (value) got.push(what + ' ' + String(value).slice(0, 40));
    } catch {}
  };
  await attempt('file', async () => (await import('node:fs')).readFileSync('/etc/passwd', 'utf8'));
  await attempt('module', () => require('node:os').hostname());
  await attempt('environment', () => Object.keys(process.env));
  await attempt('its host', () => Object.keys(globalThis.constructor.constructor('return process')().env));
  await attempt('network', async () => (await fetch('http://127.0.0.1:PORT/')).status);
  await attempt('granted network', async () => (await context.fetch('http://127.0.0.1:PORT/')).status);
  return got;
}
`,
  relay: `export const AGENT = { name: 'relay' };
export const run = async (context, { value = null }) => ({ echoed: await context.call('echo', { value }) });
`,
  second: `export const AGENT = { name: 'echo', description: 'The second of its name' };
export const run = (context, { value = null }) => ({ second: value });
`,
  many: `export const AGENT = { name: 'many' };
export async function run(context, { n }) {
  const got = [];
  for (let i = 0; i < n; i++) got.push(await context.call('echo', { value: 1 }));
  return got;
}
`,
  forget: `export const AGENT = { name: 'forget' };
export async function run(context, { key }) {
  await context.memory.delete(key);
  return null;
}
`,
  keys: `export const AGENT = { name: 'keys' };
export const run = (context, { prefix }) => context.memory.list(prefix);
`,
  unjson: `export const AGENT = { name: 'unjson' };
export const run = () => () => 1;
`,
  recurse: `export const AGENT = { name: 'recurse' };
export const run = (context) => context.call('recurse', {});
`,
  strict: `export const AGENT = { name: 'strict', parameters: { type: 'object', properties: { n: { type: 'integer', minimum: 1 }, kind: { enum: ['a', 'b'] } }, required: ['n'] } };
export async function run(context, { n }) {
  await context.memory.set('ran', n);
  return n;
}
`,
  unit: `export const AGENT = { name: 'unit' };
export const run = (context, { unit = 'C' }) => unit;
`,
  stain: `export const AGENT = { name: 'stain' };
let seen = null;
export function run(context, { mark }) {
  const before = seen;
  seen = mark;
  return before;
}
`,
};
