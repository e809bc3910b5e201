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
export async function run() {
  const got = [];
  try { got.push('file ' + (await import('node:fs')).readFileSync('/etc/passwd', 'utf8').slice(0, 40)); } catch {}
  try { got.push(...Object.keys(process.env)); } catch {}
  try { await fetch('http://127.0.0.1:PORT/'); got.push('network'); } catch {}
  return got;
}
`,
  relay: `export const AGENT = { name: 'relay' };
export const run = async (context, { value = null }) => ({ echoed: await context.call('echo', { value }) });
`,
};
