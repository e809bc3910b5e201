// Deterministic mode: the same input leaves the same bytes, on two machines that share nothing but the files of agents.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { agent, head, step, writeBlueprint } from './blueprints.fixtures.ts';
import { ALL_IN_ONE } from './capabilities.fixtures.ts';
import { agentFolder } from './runs.fixtures.ts';
import { newFolder, noPython, startServer, stopServers } from './server.ts';
import { json, pypes } from './skills.fixtures.ts';

const SLOW = { timeout: 120_000 };
const USER = '0a1b2c3d-0000-4000-8000-00000000000a';
const JSON_BODY = { 'content-type': 'application/json' };

afterAll(stopServers);

/** Without what a machine has to be granted first: memory, an object, a call of another agent, a line and progress. */
const SOURCES: { readonly [language: string]: { readonly [name: string]: string } } = {
  lispy: {
    'all.lispy': `(def AGENT {:name "all"})
(defn run [context n]
  (do
    (memory-set "visits" n)
    (log "info" "halfway" {:visits n})
    (progress 0.5 "half")
    (objects-put "answer.txt" (str "It is " n) "text/plain")
    {:twice (call "double" {:n n}) :text (get (objects-get "answer.txt") "text")}))
`,
    'double.lispy': String(ALL_IN_ONE.lispy?.['double.lispy']),
  },
  javascript: {
    'all.mjs': `export const AGENT = { name: 'all' };
export async function run(context, { n }) {
  await context.memory.set('visits', n);
  context.log('info', 'halfway', { visits: n });
  context.progress(0.5, 'half');
  await context.objects.put('answer.txt', 'It is ' + n, 'text/plain');
  return { twice: await context.call('double', { n }), text: await (await context.objects.get('answer.txt')).text() };
}
`,
    'double.mjs': String(ALL_IN_ONE.javascript?.['double.mjs']),
  },
  python: {
    'all.py': `AGENT = {"name": "all"}


def run(context, n):
    context.memory.set("visits", n)
    context.log("info", "halfway", {"visits": n})
    context.progress(0.5, "half")
    context.objects.put("answer.txt", f"It is {n}", "text/plain")
    return {"twice": context.call("double", {"n": n}), "text": context.objects.get("answer.txt").text}
`,
    'double.py': String(ALL_IN_ONE.python?.['double.py']),
  },
  lua: {
    'all.lua': `AGENT = { name = "all" }
function run(context, args)
  context.memory.set("visits", args.n)
  context.log("info", "halfway", { visits = args.n })
  context.progress(0.5, "half")
  context.objects.put("answer.txt", "It is " .. args.n, "text/plain")
  return { twice = context.call("double", { n = args.n }), text = context.objects.get("answer.txt").text }
end
`,
    'double.lua': String(ALL_IN_ONE.lua?.['double.lua']),
  },
};

/** The bundle of a run of this command line, started and fetched below a root of its own. */
async function bundleOf(cwd: string, target: readonly string[], input: JsonObject): Promise<Buffer> {
  const root = join(newFolder(), 'data');
  const ran = await pypes(
    ['run', ...target, '--deterministic', '--root', root, '--input', JSON.stringify(input), '--json'],
    { cwd },
  );
  expect([ran.status, ran.err]).toEqual([0, '']);
  const out = join(newFolder(), 'bundle.zip');
  await pypes(['runs', 'artifact', String(json(ran).run), '--root', root, '--out', out]);
  return readFileSync(out);
}

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Text by path, so that a difference can be read. */
const textsOf = (zip: Uint8Array) =>
  Object.fromEntries(Object.entries(unzipSync(zip)).map(([path, bytes]) => [path, strFromU8(bytes)]));

describe.each(Object.keys(SOURCES))('an agent in %s', (language) => {
  it.skipIf(language === 'python' && noPython !== undefined)('leaves the same bytes twice', SLOW, async () => {
    const files = SOURCES[language] as { readonly [name: string]: string };
    const target = (folder: string) => ['all', '--folder', folder, '--user', USER];
    const [one, two] = await Promise.all([
      bundleOf(newFolder(), target(agentFolder(files)), { n: 21 }),
      // Elsewhere, under another name, at another time.
      bundleOf(newFolder(), target(agentFolder(files)), { n: 21 }),
    ]);
    expect(textsOf(two)).toEqual(textsOf(one));
    expect(digestOf(two)).toBe(digestOf(one));
    const { 'run.json': run = '', 'files/answer.txt': answer } = textsOf(one);
    expect(JSON.parse(run)).toMatchObject({ status: 'finished', result: { twice: 42, text: 'It is 21' } });
    expect(answer).toBe('It is 21');
  });
});

describe('a blueprint of two steps', () => {
  const toml =
    head({ one: 'one.mjs', two: 'two.lua' }) +
    step('first', 'one', 'input = { n = "{{ input.n }}" }') +
    step('second', 'two', 'input = { n = "{{ first.output }}" }');
  const files = {
    'one.mjs': agent('one', "  context.log('info', 'one');\n  return args.n + 1;"),
    'two.lua':
      'AGENT = { name = "two", parameters = { type = "object" } }\nfunction run(context, args) return args.n * 2 end\n',
  };

  it('leaves the same bytes twice', SLOW, async () => {
    const [one, two] = await Promise.all([
      bundleOf(writeBlueprint(toml, files).folder, ['agent.toml'], { n: 20 }),
      bundleOf('/', [writeBlueprint(toml, files).toml], { n: 20 }),
    ]);
    expect(textsOf(two)).toEqual(textsOf(one));
    expect(digestOf(two)).toBe(digestOf(one));
    expect(JSON.parse(textsOf(one)['run.json'] ?? '')).toMatchObject({ status: 'finished', result: 42 });
  });
});

it('another input leaves other bytes', SLOW, async () => {
  const target = ['double', '--folder', agentFolder(SOURCES.javascript as { readonly [name: string]: string })];
  const [one, two] = await Promise.all([1, 2].map((n) => bundleOf(newFolder(), target, { n })));
  expect(one?.equals(two as Buffer)).toBe(false);
});

it('a service and a command leave the same bytes, whatever the time zone', SLOW, async () => {
  const files = SOURCES.javascript as { readonly [name: string]: string };
  const input = { n: 21 };
  const here = await bundleOf(newFolder(), ['all', '--folder', agentFolder(files), '--user', USER], input);
  const server = await startServer(files, { env: { TZ: 'Pacific/Kiritimati' } });
  const request = { agent: 'all', input, context: { user_guid: USER }, mode: 'deterministic' };
  const { body } = await server.post('/v1/runs', request, {
    ...JSON_BODY,
    traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
  });
  await server.get(`/v1/runs/${body.run_id}/events?wait=60&limit=500`);
  await expect.poll(async () => (await server.get(`/v1/runs/${body.run_id}`)).body.status, SLOW).toBe('finished');
  const response = await fetch(`${server.url}/v1/runs/${body.run_id}/artifact`, {
    headers: { accept: 'application/zip' },
  });
  const there = Buffer.from(await response.arrayBuffer());
  expect(textsOf(there)).toEqual(textsOf(here));
  expect(digestOf(there)).toBe(digestOf(here));
  const file = join(newFolder(), 'bundle.zip');
  const { status } = await pypes(['runs', 'artifact', String(body.run_id), '--url', server.url, '--out', file]);
  expect([status, digestOf(readFileSync(file))]).toEqual([0, digestOf(here)]);
  const unzip = spawnSync('unzip', ['-tq', file]);
  if (unzip.error === undefined) expect(unzip.status).toBe(0);
});
