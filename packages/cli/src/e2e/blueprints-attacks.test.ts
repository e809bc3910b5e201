// Blueprints that end early, and components that want more than they have.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { JsonObject } from '@pypes/contract';
import { contentDigest } from '@pypes/host';
import { describe, expect, it } from 'vitest';
import { agent, head, ran, recordsOf, step, stepsOf, writeBlueprint } from './blueprints.fixtures.ts';
import { PYPES } from './command.ts';
import { json, pypes } from './skills.fixtures.ts';

describe('a run that ends early', () => {
  const ENDLESS = `${head({ a: 'a.mjs', b: 'b.mjs' })}${step('first', 'a')}${step('spin', 'b', 'after = ["first"]')}${step('also', 'b', 'after = ["first"]')}`;
  const SPINNERS = { 'a.mjs': agent('a', 'return 1;'), 'b.mjs': agent('b', 'for (;;) {}') };

  /** Starts it, and ends it once both steps that never end are under way. */
  async function end(signal: NodeJS.Signals) {
    const blueprint = writeBlueprint(ENDLESS, SPINNERS);
    const child = spawn(
      process.execPath,
      [PYPES, 'run', blueprint.toml, '--root', blueprint.root, '--json', '--follow'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const lines: JsonObject[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(JSON.parse(line) as JsonObject);
      const spinning = stepsOf(lines.filter(({ attrs }) => attrs !== undefined)).filter((id) => id !== 'first');
      if (spinning.length === 2 && lines.at(-1)?.event_type === 'tool.call.started') child.kill(signal);
    });
    const status = await new Promise<number | null>((done) => child.once('close', done));
    const [record] = await recordsOf(blueprint.root);
    return { status, lines, record };
  }

  it('by Ctrl-C stops every step, and says so', async () => {
    const { status, lines, record } = await end('SIGINT');
    expect([status, lines.at(-1)]).toEqual([2, expect.objectContaining({ code: 'canceled' })]);
    expect(record?.run).toMatchObject({ status: 'canceled' });
    expect(record?.events.at(-1)).toMatchObject({ event_type: 'run.canceled' });
  });

  it('by kill -9 leaves a record that says how far it came', async () => {
    const { record } = await end('SIGKILL');
    expect(record?.run).toMatchObject({ status: 'running' });
    expect([...stepsOf(record?.events)].sort()).toEqual(['also', 'first', 'spin']);
    const ended = record?.events.filter(({ event_type: type }) => type === 'tool.call.finished');
    expect(ended).toHaveLength(1);
  });
});

describe('attacks', () => {
  it('by calling what is not wired are denied, and recorded', async () => {
    const blueprint = writeBlueprint(
      `${head({ a: 'a.mjs', mail: 'mail.mjs' })}${step('s', 'a', 'input = { names = "{{ input.names }}" }')}${step('m', 'mail', 'after = ["s"]')}`,
      {
        'a.mjs': agent(
          'a',
          'const got = []; for (const name of args.names) got.push(await context.call(name, {}).then(() => "called", () => "refused")); return got;',
        ),
        'mail.mjs': agent('send', 'return 1;'),
      },
    );
    const names = ['send', 'mail.send', 'mail', 'a', '__proto__', 'toString', 'workflow'];
    const { steps } = await ran(blueprint, { names });
    expect((steps as JsonObject).s).toMatchObject({ output: names.map(() => 'refused') });
    const denied = json(await pypes(['audit', 'show', '--root', blueprint.root, '--json', '--decision', 'deny']));
    expect(denied.records).toHaveLength(names.length);
  });

  it('by reaching for the machine or its capabilities find nothing', async () => {
    const tries = [
      'fetch("http://127.0.0.1:1/")',
      'context.fetch("http://127.0.0.1:1/")',
      'context.vault.get("KEY")',
      'context.objects.put("a", "b")',
      'context.memory.set("a", 1)',
      'import("node:fs")',
    ];
    const body = `const got = [];\n${tries.map((each) => `try { await ${each}; got.push("did"); } catch { got.push("no"); }`).join('\n')}\nreturn got;`;
    const blueprint = writeBlueprint(`${head({ a: 'a.mjs' })}${step('s', 'a')}`, { 'a.mjs': agent('a', body) });
    expect((await ran(blueprint)).output).toEqual(tries.map(() => 'no'));
  });

  it('by data that looks like a template, an id or a prototype stay data', async () => {
    const blueprint = writeBlueprint(
      `${head({ a: 'a.mjs', b: 'b.mjs' })}${step('s', 'a')}${step('t', 'b', 'input = { all = "{{ s.output }}", text = "{{ s.output.text }}, {{ input.secret }}" }')}[output]\nvalue = { t = "{{ t.output }}", s = "{{ s.status }}" }\n`,
      {
        'a.mjs': agent(
          'a',
          'return JSON.parse(\'{"text": "{{ input.secret }} {{ t.output }}", "__proto__": {"status": "owned"}, "t": 1, "input": {"secret": "mine"}}\');',
        ),
        'b.mjs': agent('b', 'return args;'),
      },
    );
    const { output } = await ran(blueprint, { secret: 'S' });
    expect(output).toMatchObject({ t: { text: '{{ input.secret }} {{ t.output }}, S' }, s: 'done' });
    expect(JSON.stringify(output)).toContain('"__proto__":{"status":"owned"}');
  });

  it('by a payload bomb end at the limit', async () => {
    const blueprint = writeBlueprint(`${head({ a: 'a.mjs' })}${step('s', 'a')}[max_payload_size]\ndefault = 1000\n`, {
      'a.mjs': agent('a', 'return "x".repeat(5_000_000);'),
    });
    expect(await ran(blueprint)).toMatchObject({ code: 'output_too_large', limit: 'max_payload_size', step: 's' });
    const grows = writeBlueprint(
      `${head({ a: 'a.mjs' })}${step('s', 'a', `input = { ${Array.from({ length: 40 }, (_, n) => `p${n} = "{{ input.text }}"`).join(', ')} }`)}[max_payload_size]\ndefault = 1000\n`,
      { 'a.mjs': agent('a', 'return 1;') },
    );
    expect(await ran(grows, { text: 'x'.repeat(900) })).toMatchObject({ code: 'too_large', step: 's' });
  });

  it('by exchanging a file between check and run find what was checked', async () => {
    const blueprint = writeBlueprint(`${head({ a: 'agents' })}${step('s', 'a')}`);
    mkdirSync(join(blueprint.folder, 'agents'));
    writeFileSync(join(blueprint.folder, 'agents', 'a.mjs'), agent('a', 'return "first";'));
    const running = blueprint.run({}, '--json', '--follow');
    writeFileSync(join(blueprint.folder, 'agents', 'a.mjs'), agent('a', 'return "second";'));
    const lines = (await running).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonObject);
    expect(['first', 'second']).toContain(lines.at(-1)?.output);
    const [record] = await recordsOf(blueprint.root);
    const digests = await Promise.all(
      ['first', 'second'].map(async (word) => {
        return contentDigest([{ filename: 'a.mjs', bytes: new TextEncoder().encode(agent('a', `return "${word}";`)) }]);
      }),
    );
    const digest = digests[lines.at(-1)?.output === 'first' ? 0 : 1];
    const started = record?.events.find(({ event_type: type }) => type === 'run.started');
    expect(started).toMatchObject({ attrs: { versions: { a: digest } } });
  });

  it('by types that change when the file is loaded are not called', async () => {
    const blueprint = writeBlueprint(`${head({ a: 'a.lua' })}${step('s', 'a')}`, {
      'a.lua': `AGENT = { name = "a", returns = { type = "boolean" } }\nAGENT["returns"] = { type = "string" }\nfunction run() return "much more than a bit" end\n`,
    });
    expect(await blueprint.check()).toMatchObject({ status: 0 });
    expect(await ran(blueprint)).toMatchObject({ code: 'conflict' });
  });
});
