// Proves that the import rules catch what they forbid: each planted violation is found, and by the rule that means it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const project = resolve(import.meta.dirname, '../..');
const house = realpathSync(mkdtempSync(join(tmpdir(), 'pypes-boundaries-')));

const VIOLATIONS: readonly { readonly file: string; readonly source: string; readonly rule: string }[] = [
  { file: 'packages/contract/src/a.ts', source: "import '@pypes/guard';", rule: 'contract-imports-only-nothing' },
  { file: 'packages/lispy/src/a.ts', source: "import '@pypes/contract';", rule: 'lispy-imports-only-nothing' },
  { file: 'packages/guard/src/a.ts', source: "import '@pypes/host';", rule: 'guard-imports-only-contract' },
  {
    file: 'packages/host/src/a.ts',
    source: "import '@pypes/stores/memory';",
    rule: 'host-imports-only-contract-guard',
  },
  { file: 'packages/stores/src/memory/a.ts', source: "import '@pypes/host';", rule: 'stores-imports-only-contract' },
  { file: 'packages/runtimes/src/python/a.ts', source: "import '../lispy/index.ts';", rule: 'runtimes-are-apart' },
  { file: 'packages/service/src/http/a.ts', source: "import '../backends/node.ts';", rule: 'http-imports-no-driver' },
  { file: 'packages/host/src/b.ts', source: "import 'node:fs';", rule: 'portable-code-uses-no-platform' },
  { file: 'packages/service/src/http/b.ts', source: "import 'node:http';", rule: 'portable-code-uses-no-platform' },
  { file: 'packages/guard/src/b.ts', source: "import './nowhere.ts';", rule: 'no-unresolvable' },
];

function write(path: string, text: string): void {
  mkdirSync(dirname(join(house, path)), { recursive: true });
  writeFileSync(join(house, path), text);
}

function cruise(): readonly { readonly from: string; readonly rule: { readonly name: string } }[] {
  const cruiser = join(project, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const config = join(project, 'scripts/boundaries/rules.cjs');
  const { stdout, stderr } = spawnSync(process.execPath, [cruiser, '--config', config, '-T', 'json', 'packages'], {
    cwd: house,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } }).summary
    .violations;
}

describe('import boundaries', () => {
  beforeAll(() => {
    write('package.json', '{"type":"module","workspaces":["packages/*"]}');
    cpSync(join(project, 'tsconfig.json'), join(house, 'tsconfig.json'));
    mkdirSync(join(house, 'node_modules/@pypes'), { recursive: true });
    for (const name of ['contract', 'lispy', 'guard', 'host', 'stores', 'runtimes', 'service']) {
      write(
        `packages/${name}/package.json`,
        JSON.stringify({
          name: `@pypes/${name}`,
          type: 'module',
          exports: { '.': './src/index.ts', './memory': './src/memory/index.ts' },
        }),
      );
      write(`packages/${name}/src/index.ts`, 'export const x = 1;');
      symlinkSync(join(house, 'packages', name), join(house, 'node_modules/@pypes', name));
    }
    write('packages/stores/src/memory/index.ts', 'export const x = 1;');
    write('packages/runtimes/src/lispy/index.ts', 'export const x = 1;');
    write('packages/service/src/backends/node.ts', 'export const x = 1;');
  });
  afterAll(() => rmSync(house, { recursive: true, force: true }));

  it('has nothing against a house in order', () => {
    write('packages/host/src/index.ts', "import '@pypes/contract'; import '@pypes/guard'; export const x = 1;");
    for (const name of ['contract', 'guard']) {
      write(
        'packages/host/package.json',
        JSON.stringify({
          name: '@pypes/host',
          type: 'module',
          exports: { '.': './src/index.ts' },
          dependencies: { '@pypes/contract': '*', [`@pypes/${name}`]: '*' },
        }),
      );
    }
    expect(cruise()).toEqual([]);
  });

  it('finds every planted violation', () => {
    for (const { file, source } of VIOLATIONS) write(file, source);
    const found = cruise().map((violation) => `${violation.from} ${violation.rule.name}`);
    for (const { file, rule } of VIOLATIONS) expect(found).toContain(`${file} ${rule}`);
  });
});
