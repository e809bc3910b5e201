// Folders of agents: a thousand files listed from cold, and a changed file called.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeHost } from '@pypes/service/node';
import { median, type Row } from './rows.ts';

const FILES = 1_000;
const EDITS = 15;

const SOURCES: {
  readonly [language: string]: { readonly ending: string; readonly text: (n: number, mark: string) => string };
} = {
  LisPy: {
    ending: 'lispy',
    text: (
      n,
      mark,
    ) => `(def AGENT {:name "a${n}" :description "number ${n}" :parameters {:type "object" :properties {:x {:type "number"}}}})
(defn run [context x] "${mark}")`,
  },
  JavaScript: {
    ending: 'mjs',
    text: (
      n,
      mark,
    ) => `export const AGENT = { name: 'a${n}', description: 'number ${n}', parameters: { type: 'object', properties: { x: { type: 'number' } } } };
export function run(context, { x }) { return '${mark}'; }`,
  },
  Python: {
    ending: 'py',
    text: (
      n,
      mark,
    ) => `AGENT = {"name": "a${n}", "description": "number ${n}", "parameters": {"type": "object", "properties": {"x": {"type": "number"}}}}
def run(context, x=None):
    return "${mark}"`,
  },
};

/** Seconds to list a thousand files, and milliseconds from a save to the answer of the new version. */
export async function measureFolders(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [language, { ending, text }] of Object.entries(SOURCES)) {
    const folder = mkdtempSync(join(tmpdir(), 'pypes-bench-'));
    for (let n = 0; n < FILES; n++) writeFileSync(join(folder, `a${n}.${ending}`), text(n, 'first'));
    const host = createNodeHost({ folders: [folder], root: join(folder, '.pypes'), log: () => undefined });
    try {
      const began = performance.now();
      const pack = (await host.list())[0];
      const view = await pack?.catalog.view();
      const seconds = (performance.now() - began) / 1000;
      if (view?.names.length !== FILES) throw new Error(`Listed ${view?.names.length} of ${FILES} agents`);
      rows.push({
        name: `${FILES} ${language} files listed from cold (s)`,
        value: seconds,
        goal: '≤ 1',
        ok: seconds <= 1,
      });
      const times: number[] = [];
      for (let edit = 0; edit < EDITS; edit++) {
        const mark = `edit ${edit}`;
        writeFileSync(join(folder, `a7.${ending}`), text(7, mark));
        const saved = performance.now();
        const output = await host.call(pack as NonNullable<typeof pack>, { agent: 'a7', args: {} });
        times.push(performance.now() - saved);
        if (output !== mark) throw new Error(`The call answered ${JSON.stringify(output)}, the file says ${mark}`);
        await new Promise((done) => setTimeout(done, 100));
      }
      const ms = median(times);
      rows.push({
        name: `a changed ${language} file called, among ${FILES} (ms)`,
        value: ms,
        goal: '≤ 50',
        ok: ms <= 50,
      });
    } finally {
      await host.close(0);
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return rows;
}
