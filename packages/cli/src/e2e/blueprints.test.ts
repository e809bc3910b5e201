import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildComponent, PRELUDE } from '../../../runtimes/src/component/testing/build.ts';
import { agent, head, ran, recordsOf, step, stepsOf, writeBlueprint } from './blueprints.fixtures.ts';
import { newFolder } from './server.ts';
import {
  greeter,
  greeterWit,
  json,
  pypes,
  startRegistry,
  stopRegistries,
  type TestRegistry,
  writeSkill,
} from './skills.fixtures.ts';

afterAll(stopRegistries);

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startRegistry();
  const skill = await writeSkill(join(newFolder(), 'greeter'), {
    version: '1.0.0',
    component: await greeter('one'),
    wit: greeterWit(),
    manifest: '[labels]\n"*" = { reads = ["untrusted"], sends = ["none"] }\n',
  });
  expect(await pypes(['publish', skill, '--to', registry.folder, '--keys', registry.keys])).toMatchObject({
    status: 0,
  });
});

/** A machine that trusts the registry. */
async function newRoot(): Promise<string> {
  const root = join(newFolder(), 'data');
  const trusted = await pypes([
    'registry',
    'trust',
    registry.url,
    '--trust-root',
    join(registry.folder, '1.root.json'),
    '--root',
    root,
  ]);
  expect(trusted).toMatchObject({ status: 0 });
  return root;
}

const LISPY =
  '(def AGENT {:name "brief" :parameters {:type "object" :properties {:who {:type "string"}}}})\n(defn run [context who] (call "greet" {:who who}))\n';
const LUA =
  'AGENT = { name = "frame", parameters = { type = "object" } }\nfunction run(context, args) return "<" .. args.text .. ">" end\n';
const THREE = `${head({ orchestrator: 'orchestrator.lispy', frame: 'frame.lua', shout: 'shout.mjs' }, 'skills = ["remote:greeter@^1"]')}
[wiring]
"orchestrator.greet" = "greeter.greet"
${step('hello', 'orchestrator', 'input = { who = "{{ input.who }}" }')}
${step('loud', 'shout', 'input = { text = "{{ hello.output }}" }')}
${step('framed', 'frame', 'input = { text = "{{ loud.output }}" }')}
`;
const FILES = {
  'orchestrator.lispy': LISPY,
  'frame.lua': LUA,
  'shout.mjs': agent('shout', 'return args.text.toUpperCase();'),
};

describe('pypes check', () => {
  it('names what is missing with the command that installs it, and passes once it is there', async () => {
    const root = await newRoot();
    const blueprint = writeBlueprint(THREE, FILES, root);
    const missing = await blueprint.check();
    expect([missing.status, missing.out]).toEqual([2, expect.stringContaining('pypes install remote:greeter@^1')]);
    expect(missing.out).toContain('agent.toml:3:11: error PB001');
    expect(json(await blueprint.check('--json')).missing).toEqual([
      { component: 'greeter', install: 'pypes install remote:greeter@^1' },
    ]);
    await pypes(['install', 'remote:greeter', '--root', root, '--yes']);
    expect(await blueprint.check()).toMatchObject({ status: 0, out: expect.stringContaining('The ten checks hold') });
    const newer = writeBlueprint(THREE.replace('@^1', '@^2'), FILES, root);
    expect((await newer.check()).out).toContain('pypes install remote:greeter@^2');
  });

  it('finds faults of the blueprint with their places', async () => {
    const broken = await writeBlueprint('[blueprint]\nname = "x"\n[[policy]]\nuse = "rate"\nmax_cals = 3\n').check();
    expect([broken.status, broken.err]).toEqual([2, expect.stringContaining('agent.toml:5:1: ')]);
    expect((await writeBlueprint('[blueprint\n').check()).status).toBe(2);
    expect((await pypes(['check', 'nothing.toml'])).status).toBe(2);
  });

  it('writes SARIF, a picture and JSON of what it finds', async () => {
    const leak =
      `${head({ diary: 'diary.mjs', chat: 'chat.mjs' })}${step('a', 'diary')}${step('b', 'chat', 'input = { text = "{{ a.output }}" }')}`
        .replace('path = "diary.mjs"', 'path = "diary.mjs", reads = ["private"]')
        .replace('path = "chat.mjs"', 'path = "chat.mjs", sends = ["message"]');
    const blueprint = writeBlueprint(leak, {
      'diary.mjs': agent('today', 'return "secret";'),
      'chat.mjs': agent('post', 'return null;'),
    });
    const found = await blueprint.check('--json', '--sarif', 'out.sarif', '--svg', 'out.svg');
    expect(found.status).toBe(2);
    expect(json(found)).toMatchObject({
      status: 'error',
      ok: false,
      findings: [{ code: 'PB901', where: { line: 11 } }],
    });
    const sarif = JSON.parse(readFileSync(join(blueprint.folder, 'out.sarif'), 'utf8')) as JsonObject;
    expect(JSON.stringify(sarif)).toContain('PB901');
    expect(readFileSync(join(blueprint.folder, 'out.svg'), 'utf8')).toContain('</svg>');
  });

  it('runs nothing of a component, in no language', async () => {
    const blueprint = writeBlueprint(
      `${head({ a: 'a.lua', b: 'b.mjs', c: 'c.lispy', d: 'd.py' })}${['a', 'b', 'c', 'd'].map((name) => step(name, name)).join('')}`,
      {
        'a.lua': `AGENT = { name = "a" }\nwhile true do end\nfunction run() end\n`,
        'b.mjs': `export const AGENT = { name: "b" };\nfor (;;) {}\nexport function run() {}\n`,
        'c.lispy': '(def AGENT {:name "c"})\n(defn spin [] (spin))\n(spin)\n(defn run [context] 1)\n',
        'd.py': 'AGENT = {"name": "d"}\nwhile True:\n    pass\ndef run(context):\n    return 1\n',
      },
    );
    expect(await blueprint.check()).toMatchObject({ status: 0 });
    const computed = writeBlueprint(`${head({ a: 'a.lua' })}${step('a', 'a')}`, {
      'a.lua': 'AGENT = { name = "a" .. 1 }\nfunction run() return 1 end\n',
    });
    expect(await computed.check()).toMatchObject({ status: 2, out: expect.stringContaining('not written out') });
  });

  it('reads no file outside the folder of the blueprint', async () => {
    const secret = join(newFolder(), 'secret.mjs');
    writeFileSync(secret, agent('x', 'return 1;'));
    const blueprint = writeBlueprint(head({ a: secret, b: 'link.mjs', c: `${'../'.repeat(9)}etc/passwd` }));
    symlinkSync(secret, join(blueprint.folder, 'link.mjs'));
    const { out, status } = await blueprint.check();
    expect([status, out.match(/leads out of the folder/g)?.length]).toEqual([2, 3]);
  });
});

describe('pypes run', () => {
  it('installs what is missing after a yes, and runs LisPy, JavaScript, Lua and a component together', async () => {
    const blueprint = writeBlueprint(THREE, FILES, await newRoot());
    const refused = await blueprint.run({ who: 'ada' });
    expect([refused.status, refused.err]).toEqual([2, expect.stringContaining('pypes install remote:greeter@^1')]);
    const run = await blueprint.run({ who: 'ada' }, '--yes');
    expect([run.status, run.out]).toEqual([0, '<ADA>\n']);
    for (const line of ['hello started', 'hello finished', 'framed finished']) expect(run.err).toContain(line);

    const again = await ran(blueprint, { who: 'bob' });
    expect(again).toMatchObject({ status: 'ok', output: '<BOB>', steps: { loud: { status: 'done', output: 'BOB' } } });
    expect(again.labels).toContain('untrusted:greeter.greet');
    const [first, second] = await recordsOf(blueprint.root);
    expect(first?.run).toMatchObject({
      status: 'finished',
      result: '<ADA>',
      metadata: { allow_unsafe: [] },
      blueprint: 'test',
    });
    expect(second?.run.run_id).toBe(again.run);
    expect(stepsOf(first?.events)).toEqual(['hello', 'loud', 'framed']);
    expect(first?.events.map(({ seq }) => seq)).toEqual(first?.events.map((_, index) => index + 1));
    const { records } = json(
      await pypes(['audit', 'show', '--root', blueprint.root, '--json', '--run', String(again.run)]),
    );
    expect((records as readonly JsonObject[]).map(({ from, to }) => `${from} → ${to}`).sort()).toEqual([
      'brief → greet',
      'cli → blueprint.test',
      'workflow → brief',
      'workflow → frame',
      'workflow → shout',
    ]);
    expect((await pypes(['audit', 'verify', '--root', blueprint.root])).status).toBe(0);
  });

  it('gives events as lines of JSON, where they are asked for', async () => {
    const blueprint = writeBlueprint(
      `${head({ a: 'a.mjs' })}${step('s', 'a', 'foreach = "{{ input.list }}"\nmax_items = 3\ninput = { n = "{{ item }}" }')}`,
      {
        'a.mjs': agent('a', 'await context.log("info", "here"); return args.n * 2;'),
      },
    );
    const { out, err } = await blueprint.run({ list: [1, 2] }, '--json', '--follow');
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonObject);
    expect(lines[0]).toMatchObject({ event_type: 'run.started', seq: 1 });
    expect(lines.filter(({ event_type: type }) => type === 'tool.call.finished')).toHaveLength(2);
    expect(lines.filter(({ event_type: type }) => type === 'log')).toHaveLength(2);
    expect(lines.at(-1)).toMatchObject({ status: 'ok', output: [2, 4] });
    expect(err).toBe('');
  });

  it('wires the import of a component to whatever provides it', async () => {
    const wit = [
      'package acme:user@1.0.0;',
      'interface calc { double: func(n: u32) -> u32; }',
      'interface api { twice: func(n: u32) -> u32; }',
      'world user { import calc; export api; }',
    ].join('\n');
    const component = await buildComponent(
      wit,
      'user',
      `(module (import "acme:user/calc@1.0.0" "double" (func $double (param i32) (result i32))) ${PRELUDE}
 (func (export "acme:user/api@1.0.0#twice") (param i32) (result i32) (call $double (local.get 0))))`,
    );
    const toml = `${head({ user: 'user.wasm', math: 'math.mjs' })}[wiring]\n"user.double" = "math.dbl"\n${step('s', 'user', 'input = { n = 21 }')}`;
    const files = {
      'user.wasm': component,
      'math.mjs': `export const AGENT = { name: "dbl", parameters: { type: "object", properties: { n: { type: "integer" } }, required: ["n"] }, returns: { type: "integer", minimum: 0, maximum: 4294967295 } };\nexport function run(context, { n }) { return n * 2; }\n`,
    };
    const blueprint = writeBlueprint(toml, files);
    expect(await blueprint.check()).toMatchObject({ status: 0 });
    expect((await ran(blueprint)).output).toBe(42);
    const open = await writeBlueprint(toml.replace('"user.double" = "math.dbl"', ''), files).check();
    expect([open.status, open.out]).toEqual([2, expect.stringContaining('PB101')]);
  });

  it('refuses what the check refuses, and records what somebody allowed', async () => {
    const toml = `${head({ a: 'a.mjs' })}${step('s', 'a')}`.replace(
      'path = "a.mjs"',
      'path = "a.mjs", reads = ["private"], sends = ["message"]',
    );
    const blueprint = writeBlueprint(toml, { 'a.mjs': agent('a', 'return 1;') });
    const refused = await blueprint.run();
    expect([refused.status, refused.err]).toEqual([2, expect.stringContaining('PB901')]);
    expect((await ran(blueprint, {}, '--allow-unsafe', 'PB401')).code).toBe('policy_denied');
    expect((await ran(blueprint, {}, '--allow-unsafe', 'PB9')).code).toBe('invalid_request');
    expect((await ran(blueprint, {}, '--allow-unsafe', 'PB901')).output).toBe(1);
    const kept = (await recordsOf(blueprint.root)).map(({ run }) => [
      run.status,
      (run.metadata as JsonObject).allow_unsafe,
    ]);
    expect(kept).toEqual([['finished', ['PB901']]]);
    const shown = await pypes(['audit', 'show', '--root', blueprint.root]);
    expect(shown.out).toContain('check: --allow-unsafe PB901');
  });

  it('gives a file beside it what [grants] says, after a yes, and nothing more', async () => {
    const files = {
      'a.mjs': agent(
        'a',
        'await context.memory.set("n", ((await context.memory.get("n")) ?? 0) + 1); return context.memory.get("n");',
      ),
    };
    const plain = `${head({ a: 'a.mjs' })}${step('s', 'a')}`;
    const refused = 'was not granted context.memory.';
    expect(await ran(writeBlueprint(plain, files))).toMatchObject({
      message: expect.stringContaining(`${refused}get`),
    });
    const granted = writeBlueprint(`${plain}[grants]\na = { memory = "read-write" }\n`, files);
    const asked = await granted.run();
    expect([asked.status, asked.err]).toEqual([2, expect.stringContaining('a: memory=read-write')]);
    expect((await ran(granted, {}, '--yes')).output).toBe(1);
    expect((await ran(granted, {}, '--yes')).output).toBe(2);
    const read = writeBlueprint(`${plain}[grants]\na = { memory = "read" }\n`, files);
    expect(await ran(read, {}, '--yes')).toMatchObject({ message: expect.stringContaining(`${refused}set`) });
  });

  it.each(['the blueprint', 'the operator'])(
    'waits for a person where %s asks for one, and does nothing twice',
    async (who) => {
      const policy = (to: string) => `[[policy]]\nuse = "approve"\nto = "${to}"\nreason = "It leaves the house"\n`;
      const blueprint = writeBlueprint(
        `${head({ count: 'count.mjs', mail: 'mail.mjs' })}${step('n', 'count')}${step('m', 'mail', 'input = { to = "ann", n = "{{ n.output }}" }')}${who === 'the blueprint' ? policy('mail.send') : ''}`,
        { 'count.mjs': agent('count', 'return 7;'), 'mail.mjs': agent('send', 'return args;') },
      );
      if (who === 'the operator') {
        mkdirSync(blueprint.root, { recursive: true });
        writeFileSync(join(blueprint.root, 'policy.toml'), policy('send'));
      }
      const tool = who === 'the blueprint' ? 'mail.send' : 'send';
      const running = blueprint.run({}, '--json');
      for (;;) {
        const { approvals } = json(await pypes(['approvals', 'list', '--root', blueprint.root, '--json']));
        const [open] = approvals as readonly JsonObject[];
        if (open === undefined) continue;
        expect(open).toMatchObject({ tool, from: 'workflow', args: { to: 'ann', n: 7 } });
        expect((await pypes(['approvals', 'grant', String(open.id), '--root', blueprint.root])).status).toBe(0);
        break;
      }
      expect(json(await running)).toMatchObject({ status: 'ok', output: { to: 'ann', n: 7 } });
    },
  );
});
