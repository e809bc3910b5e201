// What starts when: nothing before it is needed unless asked for, and what only reads files finds packages all the same.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '@pypes/contract';
import { afterAll, expect, it } from 'vitest';
import { createTestContext } from '../testing/context.ts';
import { sourceFile } from '../testing/source-file.ts';
import type { Launch } from './options.ts';
import { createPythonRuntime } from './runtime.ts';
import { describePython, failureOf, until } from './testing.ts';

const AGENT = 'AGENT = {"name": "test"}\ndef run(context):\n    return 1\n';

describePython('starting', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-starting-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const load = (runtime: ReturnType<typeof createPythonRuntime>, text = AGENT) =>
    runtime.load(sourceFile('test_agent.py', text), DEFAULT_LIMITS);

  /** An interpreter that writes down with what it was started. */
  function noting(name: string): { readonly python: string; readonly starts: () => readonly string[] } {
    const [python, notes] = [join(folder, name), join(folder, `${name}.txt`)];
    const real = process.env.PYPES_PYTHON ?? 'python3';
    writeFileSync(python, `#!/bin/sh\necho "$*" >> ${notes}\nexec ${real} "$@"\n`);
    chmodSync(python, 0o755);
    return { python, starts: () => (existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : []) };
  }

  it('waits for the first file, or happens at once', async () => {
    const [lazy, early] = [noting('lazy'), noting('early')];
    const runtimes = [
      createPythonRuntime({ python: lazy.python }),
      createPythonRuntime({ python: early.python, startsEarly: true }),
    ];
    await until(() => early.starts().length > 0);
    expect(lazy.starts()).toEqual([]);
    for (const runtime of runtimes) {
      const [agent] = await load(runtime);
      expect(await agent?.run(createTestContext(), {})).toBe(1);
      await runtime.close();
    }
  });

  it('asks an interpreter once, however many runtimes use it', async () => {
    const { python, starts } = noting('once');
    const runtimes = [0, 1].map(() => createPythonRuntime({ python, startsEarly: true }));
    await Promise.all(runtimes.map((runtime) => load(runtime)));
    await Promise.all(runtimes.map((runtime) => runtime.close()));
    expect(starts()).toHaveLength(1);
  });

  it('that goes wrong is said to each file, until there is a Python', async () => {
    const python = join(folder, 'late');
    const runtime = createPythonRuntime({ python, startsEarly: true });
    expect(await failureOf(load(runtime))).toMatchObject({ code: 'unsupported' });
    expect((await failureOf(load(runtime))).message).toContain('apt install python3');
    noting('late');
    expect(await load(runtime)).toHaveLength(1);
    await runtime.close();
  });

  it('early leaves nothing behind where no file comes', async () => {
    const started: Launch[] = [];
    const launch = (plan: Launch) => {
      started.push(plan);
      return plan;
    };
    const runtime = createPythonRuntime({ launch, startsEarly: true });
    await until(() => started.length > 0);
    await runtime.close();
    const home = started[0]?.args.at(-2) as string;
    expect(home).toContain('pypes-python-');
    expect(existsSync(home)).toBe(false);
    expect(await failureOf(load(runtime))).toMatchObject({ code: 'unavailable' });
  });

  it('reads files without what is installed, and looks there for what a file imports', async () => {
    const base = join(folder, 'base');
    const code = 'import site; print(site.getusersitepackages())';
    const env = { ...process.env, PYTHONUSERBASE: base };
    const { stdout } = spawnSync(process.env.PYPES_PYTHON ?? 'python3', ['-c', code], { encoding: 'utf8', env });
    const packages = stdout.trim();
    expect(packages.startsWith(base)).toBe(true);
    mkdirSync(packages, { recursive: true });
    writeFileSync(join(packages, 'only_installed.py'), 'VALUE = 42\n');
    const flags: string[] = [];
    const runtime = createPythonRuntime({
      launch: (plan) => {
        flags.push(plan.args.includes('-S') ? 'reads' : 'runs');
        return { ...plan, env: { ...plan.env, PYTHONUSERBASE: base } };
      },
    });
    const importing = (name: string) =>
      `import ${name}\nAGENT = {"name": "test"}\ndef run(context):\n    return ${name}.VALUE\n`;
    const [agent] = await load(runtime, importing('only_installed'));
    expect(flags).toEqual(['reads']);
    expect(await agent?.run(createTestContext(), {})).toBe(42);
    expect(flags).toEqual(['reads', 'runs']);
    expect((await failureOf(load(runtime, importing('nowhere_installed')))).message).toContain('nowhere_installed');
    await runtime.close();
  });

  it('removes what killed hosts left, a little later', async () => {
    const { pid } = spawnSync('true');
    const left = mkdtempSync(join(tmpdir(), `pypes-python-${pid}-`));
    const before = new Date(Date.now() - 3_600_000);
    utimesSync(left, before, before);
    const runtime = createPythonRuntime();
    await load(runtime);
    await until(() => !existsSync(left));
    await runtime.close();
  });
});
