// The bundled agents: every example of every one of them, in the host and alone with nothing but its language.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Json, JsonObject } from '@pypes/contract';
import { createNodeHost } from '@pypes/service/node';
import { afterAll, describe, expect, it } from 'vitest';
import { newFolder, noPython } from './server.ts';

const folder = resolve(import.meta.dirname, '../../../../agents');
const host = createNodeHost({ folders: [folder], root: newFolder(), log: () => undefined });
afterAll(() => host.close(0));

const pack = (await host.list())[0] ?? expect.unreachable();
const view = await pack.catalog.view();
const agents = [...view.agents.values()].map(({ name, metadata, version }) => ({ name, metadata, file: version.path }));

/** How a file runs with nothing but its language; that of LisPy and Lua is Pypes itself. */
function alone(file: string): readonly string[] | undefined {
  const path = join(folder, file);
  if (file.endsWith('.py')) return ['python3', path];
  if (/\.(mjs|js|ts)$/.test(file)) return [process.execPath, '--no-warnings', path];
  return file.includes('.') ? undefined : [path];
}

describe.skipIf(noPython !== undefined)(`bundled agents${noPython === undefined ? '' : ` (${noPython})`}`, () => {
  it('are a dozen, in every language, none quarantined or shadowed', () => {
    expect([view.quarantined, view.shadowed]).toEqual([[], []]);
    expect(agents.length).toBeGreaterThanOrEqual(12);
    for (const ending of ['.py', '.lispy', '.lua', '.mjs', '.ts'])
      expect(agents.some(({ file }) => file.endsWith(ending))).toBe(true);
    expect(agents.some(({ file }) => !file.includes('.'))).toBe(true);
  });

  it.each(agents)('$name is short and tells models what it is for', ({ file, metadata }) => {
    expect(readFileSync(join(folder, file), 'utf8').split('\n').length).toBeLessThanOrEqual(101);
    expect(metadata.description.length).toBeGreaterThan(40);
    expect(metadata.examples?.length ?? 0).toBeGreaterThanOrEqual(2);
  });

  const examples = agents.flatMap(({ name, file, metadata }) =>
    (metadata.examples ?? []).map((example, index) => ({ name, file, index, ...example })),
  );

  it.each(examples)('$name answers its example $index', async (example) => {
    const output = await host.call(pack, { agent: example.name, args: example.args, userGuid: userOf(example.name) });
    if ('returns' in example) expect(output).toEqual(example.returns);
  });

  it.each(examples.filter(({ file }) => alone(file) !== undefined))(
    '$name answers its example $index alone',
    ({ file, args, ...rest }) => {
      const [command, ...list] = alone(file) as [string, ...string[]];
      const text = JSON.stringify(args as JsonObject);
      const isProgram = !file.includes('.');
      const result = spawnSync(command, isProgram ? list : [...list, text], {
        encoding: 'utf8',
        input: isProgram ? text : '',
        cwd: newFolder(),
      });
      expect([result.status, result.stderr]).toEqual([0, '']);
      if ('returns' in rest) expect(JSON.parse(result.stdout)).toEqual(rest.returns as Json);
    },
  );
});

/** Examples of one agent follow each other in one memory, those of another see none of it. */
function userOf(name: string): string {
  return `00000000-0000-4000-8000-${Buffer.from(name.padEnd(6).slice(0, 6)).toString('hex')}`;
}
