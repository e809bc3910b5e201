// Ejected agents: alone with nothing but their runtime, and in Pypes again.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgentExample, DEFAULT_LIMITS, type Json, type Runtime } from '@pypes/contract';
import { createJavascriptRuntime } from '@pypes/runtimes/javascript';
import { createLispyRuntime } from '@pypes/runtimes/lispy';
import { createPythonRuntime } from '@pypes/runtimes/python';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestContext } from '../../../runtimes/src/testing/context.ts';
import { sourceFile } from '../../../runtimes/src/testing/source-file.ts';
import { runLuaOn } from '../check/lua.ts';
import { wasmoon } from '../testing/lua.fixture.ts';
import { eject } from './eject.ts';

const folder = join(import.meta.dirname, '../../../../agents');
const out = mkdtempSync(join(tmpdir(), 'pypes-eject-'));
const runtimes: { readonly [ending: string]: Runtime } = {
  py: createPythonRuntime(),
  mjs: createJavascriptRuntime(),
  lispy: createLispyRuntime(),
  ts: createJavascriptRuntime(),
};
afterAll(async () => {
  for (const runtime of Object.values(runtimes)) await runtime.close();
  rmSync(out, { recursive: true, force: true });
});

const endingOf = (name: string): string => /\.(\w+)$/.exec(name)?.[1] ?? '';
const agents = readdirSync(folder).filter((name) => Object.hasOwn(runtimes, endingOf(name)));

/** The real interpreter: a shim would need more of the environment than its language does. */
const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim();

async function load(filename: string, text: string) {
  const runtime = runtimes[endingOf(filename)] as Runtime;
  const [agent] = await runtime.load(sourceFile(filename, text), DEFAULT_LIMITS);
  return agent ?? expect.unreachable();
}

/** Runs a file in an empty environment. */
function alone(file: string, args: readonly string[], input = '') {
  const command = file.endsWith('.py') ? python : process.execPath;
  const isIsolated = file.endsWith('.py') ? ['-I'] : [];
  return spawnSync(command, [...isIsolated, file, ...args], {
    encoding: 'utf8',
    env: {},
    cwd: mkdtempSync(join(out, 'cwd-')),
    input,
  });
}

describe.skipIf(python === '')('every bundled agent', () => {
  it.each(agents)('%s runs alone and in Pypes as before', { timeout: 60_000 }, async (filename) => {
    const text = readFileSync(join(folder, filename), 'utf8');
    const before = await load(filename, text);
    const ejected = eject({ filename, text });
    const file = join(out, ejected.filename);
    writeFileSync(file, ejected.text);

    const said = alone(file, ['--agent']);
    expect([said.status, said.stderr]).toEqual([0, '']);
    expect(JSON.parse(said.stdout)).toMatchObject({
      name: before.metadata.name,
      description: before.metadata.description,
    });

    const after = await load(ejected.filename, ejected.text);
    expect(after.metadata).toEqual(before.metadata);
    for (const { args, returns } of before.metadata.examples as readonly (AgentExample & { returns?: Json })[]) {
      const ran = alone(file, [JSON.stringify(args)]);
      // Standard error is for what the agent logs and how far it is.
      expect([ran.status, ran.stderr.replace(/^\[.*\n/gm, '')]).toEqual([0, '']);
      if (returns !== undefined) expect(JSON.parse(ran.stdout)).toEqual(returns);
      const context = createTestContext();
      const output = await after.run(context, args);
      if (returns !== undefined) expect(output).toEqual(returns);
    }
  });

  it('reads arguments from standard input, and none are {}', () => {
    const text = 'AGENT = {"name": "a"}\n\ndef run(context, n=1):\n    return n + 1\n';
    const file = join(out, 'stdin.py');
    writeFileSync(file, eject({ filename: 'stdin.py', text }).text);
    expect([alone(file, [], '{"n": 4}').stdout, alone(file, []).stdout]).toEqual(['5\n', '2\n']);
    const script = join(out, 'stdin.mjs');
    writeFileSync(
      script,
      eject({
        filename: 'stdin.ts',
        text: 'export const AGENT = { name: "a" };\nexport const run = (_: unknown, { n = 1 }: { n?: number }) => n + 1;',
      }).text,
    );
    expect([alone(script, [], '{"n": 4}').stdout, alone(script, []).stdout]).toEqual(['5\n', '2\n']);
  });

  it('says why a call failed, on standard error and with exit code 1', () => {
    const files = [
      ['fail.py', 'AGENT = {"name": "a"}\n\ndef run(context):\n    raise ValueError("no such city")\n'],
      ['fail.mjs', 'export const AGENT = { name: "a" };\nexport function run() { throw new Error("no such city"); }'],
      ['fail2.lispy', '(def AGENT {:name "a"}) (defn run [context] (error "no such city"))'],
    ] as const;
    for (const [filename, text] of files) {
      const ejected = eject({ filename, text });
      const file = join(out, ejected.filename);
      writeFileSync(file, ejected.text);
      const { status, stdout, stderr } = alone(file, ['{}']);
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toContain('no such city');
      expect(alone(file, ['nonsense']).status).toBe(1);
    }
  });

  it('offers memory, logs to standard error, and says that the rest needs a host', () => {
    const files = [
      [
        'host.py',
        'AGENT = {"name": "a"}\n\ndef run(context, what):\n    context.log("info", "hello")\n    context.memory.set("k", [1])\n    if what == "fetch":\n        context.fetch("https://example.org")\n    return [context.user_guid, context.memory.get("k"), context.memory.list("")]\n',
      ],
      [
        'host.mjs',
        'export const AGENT = { name: "a" };\nexport async function run(context, { what }) { context.log("info", "hello"); await context.memory.set("k", [1]); if (what === "fetch") await context.fetch("x"); return [context.user_guid, await context.memory.get("k"), await context.memory.list("")]; }',
      ],
      [
        'host2.lispy',
        '(def AGENT {:name "a"}) (defn run [context what] (context-log "info" "hello") (memory-set "k" [1]) (when (= what "fetch") (call "other" {})) [nil (memory-get "k") (memory-list "")])',
      ],
    ] as const;
    for (const [filename, text] of files) {
      const ejected = eject({ filename, text });
      const file = join(out, ejected.filename);
      writeFileSync(file, ejected.text);
      const kept = alone(file, ['{"what": "memory"}']);
      expect(JSON.parse(kept.stdout)).toEqual([null, [1], ['k']]);
      expect(kept.stderr).toContain('hello');
      const refused = alone(file, ['{"what": "fetch"}']);
      expect([refused.status, refused.stderr.includes('needs a host')]).toEqual([1, true]);
    }
  });
});

describe('Lua', () => {
  it('carries its JSON reader and is an agent still', async () => {
    const text =
      'AGENT = { name = "a", parameters = { type = "object" } }\nfunction run(context, args) return { n = args.n * 2, t = args.t } end\n';
    const ejected = eject({ filename: 'a.lua', text });
    const [outcomes] = await runLuaOn(wasmoon)([{ text: ejected.text, calls: [{ n: 4, t: ['é', { x: 1 }] }] }]);
    expect(outcomes).toEqual([{ kind: 'value', value: { n: 8, t: ['é', { x: 1 }] } }]);
    // As a script: its own name in `arg`, as the interpreter gives it.
    const chunk = `local chunk = assert(load(TEXT, "@a.lua"))\nlocal said = {}\nprint = function(line) said[#said + 1] = line end\narg = { [0] = "a.lua", [1] = INPUT }\nchunk()\nreturn table.concat(said)`;
    const run = (argument: string) =>
      wasmoon(`TEXT = ${JSON.stringify(ejected.text).replace(/\\u[\da-f]{4}/g, '')}\n${chunk}`, argument);
    expect(JSON.parse(await run('{"n": 3}'))).toEqual({ n: 6 });
    expect(JSON.parse(await run('--agent'))).toEqual({ name: 'a', parameters: { type: 'object' } });
  });
});

describe('what cannot be ejected', () => {
  it.each([
    ['word-count', '#!/usr/bin/env python3', 'invalid_request'],
    ['a.rb', 'x', 'invalid_request'],
    [
      'a.mjs',
      'import x from "left-pad";\nexport const AGENT = { name: "a" };\nexport const run = () => x;',
      'unsupported',
    ],
    [
      'a.ts',
      'import { x } from "./x.ts";\nexport const AGENT = { name: "a" };\nexport const run = () => x;',
      'unsupported',
    ],
    ['a.lispy', '(def AGENT (merge {:name "a"} {})) (defn run [context] 1)', 'unsupported'],
    ['a.py', 'def run(:', 'agent_broken'],
  ])('%s: %s', (filename, text, code) => {
    expect(() => eject({ filename, text })).toThrowError(expect.objectContaining({ code }));
  });
});
