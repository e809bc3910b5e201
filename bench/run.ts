// npm run bench: every measurement in one run, as a table of ratios and as JSON.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { measureBackends } from './backends.ts';
import { measureComponents } from './components.ts';
import { measureFolders } from './folders.ts';
import { measureGuard } from './guard.ts';
import { measureCheck } from './guard-check.ts';
import { measureDlp } from './guard-dlp.ts';
import { measureHttp } from './http.ts';
import { measureLispy } from './lispy.ts';
import { measureMcp } from './mcp.ts';
import { measurePackage } from './package.ts';
import { pinLoad, unpinLoad } from './processes.ts';
import type { Row } from './rows.ts';
import { measureRuns } from './runs.ts';
import { measureSandbox } from './sandbox.ts';

const MEASUREMENTS: { readonly [name: string]: () => Promise<readonly Row[]> } = {
  http: measureHttp,
  folders: measureFolders,
  lispy: measureLispy,
  sandbox: measureSandbox,
  guard: measureGuard,
  check: measureCheck,
  dlp: measureDlp,
  components: measureComponents,
  runs: measureRuns,
  mcp: measureMcp,
  package: measurePackage,
  backends: measureBackends,
};

/** No server of another process is measured here: what runs, and what it starts, may have the whole machine. */
const ON_ALL_CORES: ReadonlySet<string> = new Set(['runs']);

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(MEASUREMENTS, name));
if (unknown.length > 0) {
  console.error(`There is no measurement "${unknown[0]}"; there are ${Object.keys(MEASUREMENTS).join(', ')}`);
  process.exit(2);
}
const pinned = pinLoad();
const rows: Row[] = [];
for (const [name, measure] of Object.entries(MEASUREMENTS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.error(`measuring ${name} …`);
  if (ON_ALL_CORES.has(name)) unpinLoad();
  else pinLoad();
  rows.push(...(await measure()));
}

console.log(toTable(rows));
const folder = join(import.meta.dirname, 'results');
mkdirSync(folder, { recursive: true });
const result = {
  time: new Date().toISOString(),
  node: process.version,
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  pinned,
  rows,
};
writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(result, null, 2)}\n`);

function toTable(all: readonly Row[]): string {
  const cells = all.map((row) => [
    row.name,
    row.value.toPrecision(3),
    row.goal,
    row.ok ? 'reached' : 'missed',
    row.ours === undefined ? '' : `${row.ours} against ${row.theirs} ${row.unit ?? ''}`,
  ]);
  const head = ['what', 'value', 'goal', '', 'figures'];
  const widths = head.map((_, column) => Math.max(...[head, ...cells].map((line) => line[column]?.length ?? 0)));
  return [head, ...cells]
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
