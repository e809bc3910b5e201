// Canceling interrupts whatever is under way, endless loops in every language too, and the runtime works on afterwards.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildComponent, PRELUDE } from '../../../runtimes/src/component/testing/build.ts';
import { pollRun } from './runs.fixtures.ts';
import { noPython, noSandbox, type Server, startServer, stopServers } from './server.ts';

const SLOW = { timeout: 120_000 };
const SOON = { timeout: 60_000, interval: 10 };
/** What is wanted is half a second; this much is given to a machine that has other things to do. */
const WITHIN_MS = 15_000;
const JSON_BODY = { 'content-type': 'application/json' };

const JAVASCRIPT = `
export const AGENT = { name: 'NAME' };
export async function run(context, { loops }) {
  context.log('info', 'begun');
  // What a thread says is heard when it has a moment: none comes in the loop.
  await context.memory.get('anything');
  while (loops) {}
  return 'fine';
}
`;
const SOURCES: { readonly [file: string]: string } = {
  // Its own limit ends every loop after a million steps; one that asks its host in each of them takes long enough.
  'lispy.lispy': `(def AGENT {:name "NAME"})
(defn spin [n] (do (memory-get "anything") (spin (+ n 1))))
(defn run [context loops] (do (log "info" "begun") (if loops (spin 0) "fine")))
`,
  'javascript.mjs': JAVASCRIPT,
  'typescript.ts': JAVASCRIPT.replace('(context, { loops })', '(context: any, { loops }: { readonly loops: boolean })'),
  'python.py': `AGENT = {"name": "NAME"}


def run(context, loops):
    context.log("info", "begun")
    while loops:
        pass
    return "fine"
`,
  // Catches everything that a polite interrupt could throw.
  'stubborn.py': `AGENT = {"name": "NAME"}


def run(context, loops):
    context.log("info", "begun")
    while loops:
        try:
            while True:
                pass
        except BaseException:
            pass
    return "fine"
`,
  'lua.lua': `AGENT = { name = "NAME" }
function run(context, args)
  context.log("info", "begun")
  context.memory.get("anything")
  while args.loops do end
  return "fine"
end
`,
};
/** Nothing of it is busy: it waits for what never comes. In a sandbox that is an error by itself. */
const WAITS = {
  'waits.mjs': `export const AGENT = { name: 'NAME' };
export async function run(context, { loops }) {
  context.log('info', 'begun');
  if (loops) await new Promise(() => undefined);
  return 'fine';
}
`,
};
const COMPONENT = {
  wit: 'package test:loops@1.0.0;\ninterface api { spin: func(loops: bool) -> u32; }\nworld loops { export api; }\n',
  wat: `(module ${PRELUDE}
 (func (export "test:loops/api@1.0.0#spin") (param i32) (result i32)
   (if (local.get 0) (then (loop $for_ever (br $for_ever))))
   (i32.const 7)))`,
};

const named = (prefix: string, sources: { readonly [file: string]: string }): { readonly [file: string]: string } =>
  Object.fromEntries(
    Object.entries(sources).map(([file, source]) => [file, source.replace('NAME', `${prefix}-${file.split('.')[0]}`)]),
  );

let server: Server;

beforeAll(async () => {
  server = await startServer(named('trusted', { ...SOURCES, ...WAITS }));
  writeFileSync(join(server.folder, 'loops.wasm'), await buildComponent(COMPONENT.wit, 'loops', COMPONENT.wat));
  const deployed = named('sandboxed', SOURCES);
  for (const [file, source] of Object.entries(deployed)) {
    if (file.endsWith('.py') && noSandbox !== undefined) continue;
    const { status } = await server.deploy({ [file]: source }, { name: file });
    expect([file, status]).toEqual([file, 200]);
  }
});
afterAll(stopServers);

async function start(agent: string, loops: boolean): Promise<string> {
  const { status, body } = await server.post('/v1/runs', { agent, input: { loops } }, JSON_BODY);
  expect([status, body.error]).toEqual([202, undefined]);
  return String(body.run_id);
}

/** How it ended, of a run that has. */
async function endsOf(id: string): Promise<readonly JsonObject[]> {
  const reader = pollRun(server.url, id, 500);
  await reader.done;
  const events = reader.lines.map((line) => JSON.parse(line) as JsonObject);
  return events.filter(({ event_type: type }) => /^run\.(?!started)/.test(String(type)));
}

async function waitUntilBegun(id: string, agent: string): Promise<void> {
  if (agent !== 'spin') {
    await expect
      .poll(async () => JSON.stringify((await server.get(`/v1/runs/${id}/events`)).body.events), SOON)
      .toContain('begun');
    return;
  }
  // A component says nothing of its own accord.
  await expect.poll(async () => (await server.get(`/v1/runs/${id}`)).body.status, SOON).toBe('running');
  await new Promise((later) => setTimeout(later, 200));
}

async function expectCancel(agent: string, fine: unknown): Promise<void> {
  // Loaded once, so that what is interrupted is the loop and not the loading.
  await expectFine(agent, fine);
  const id = await start(agent, true);
  await waitUntilBegun(id, agent);
  const asked = Date.now();
  expect((await server.post(`/v1/runs/${id}/cancel`, '')).status).toBe(202);
  await expect.poll(async () => (await server.get(`/v1/runs/${id}`)).body.status, SOON).toBe('canceled');
  const ends = await endsOf(id);
  expect(ends.map(({ event_type: type }) => type)).toEqual(['run.canceled']);
  const took = Date.parse(String(ends[0]?.time)) - asked;
  expect(took).toBeLessThan(WITHIN_MS);
  await expectFine(agent, fine);
}

async function expectFine(agent: string, result: unknown): Promise<void> {
  const id = await start(agent, false);
  await server.get(`/v1/runs/${id}/events?wait=30&limit=500`);
  await expect.poll(async () => (await server.get(`/v1/runs/${id}`)).body.status, SOON).toBe('finished');
  expect((await server.get(`/v1/runs/${id}`)).body.result).toBe(result);
}

describe.each(['trusted', 'sandboxed'])('%s', (trust) => {
  it.each(Object.keys(SOURCES))('%s', SLOW, async (file) => {
    if (file.endsWith('.py') && (trust === 'trusted' ? noPython : noSandbox) !== undefined) return;
    await expectCancel(`${trust}-${file.split('.')[0]}`, 'fine');
  });
});

it('one that only waits', SLOW, () => expectCancel('trusted-waits', 'fine'));
it('a component', SLOW, () => expectCancel('spin', 7));

it('all of them at once, twice each: each ends once, and those that were not meant go on', SLOW, async () => {
  const agents = Object.keys(SOURCES)
    .filter((file) => !file.endsWith('.py'))
    .map((file) => `sandboxed-${file.split('.')[0]}`);
  const ids = await Promise.all(agents.map((agent) => start(agent, true)));
  const spared = await start('trusted-waits', true);
  await Promise.all([...ids, spared].map((id) => waitUntilBegun(id, '')));
  const twice = await Promise.all([...ids, ...ids].map((id) => server.post(`/v1/runs/${id}/cancel`, '')));
  expect(twice.every(({ status }) => status === 202)).toBe(true);
  for (const id of ids) {
    await expect.poll(async () => (await server.get(`/v1/runs/${id}`)).body.status, SOON).toBe('canceled');
    expect((await endsOf(id)).map(({ event_type: type }) => type)).toEqual(['run.canceled']);
  }
  expect((await server.get(`/v1/runs/${spared}`)).body.status).toBe('running');
  await server.post(`/v1/runs/${spared}/cancel`, '');
});

/** Processor time of the service and all that it has started, in hundredths of a second. */
function ticksOf(root: number): number {
  const all = readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      return [{ id: Number(name), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
  const below = (id: number): number =>
    all
      .filter((each) => each.id === id || each.parent === id)
      .reduce((sum, each) => sum + (each.id === id ? each.ticks : below(each.id)), 0);
  return below(root);
}

it.skipIf(process.platform !== 'linux')('nothing of what was canceled goes on (needs /proc)', SLOW, async () => {
  const root = server.process.pid ?? 0;
  const quiet = async () => {
    const before = ticksOf(root);
    await new Promise((later) => setTimeout(later, 1_000));
    return ticksOf(root) - before;
  };
  // One loop that goes on would be all of a processor, a hundred ticks.
  await expect.poll(quiet, { timeout: 30_000 }).toBeLessThan(20);
});
