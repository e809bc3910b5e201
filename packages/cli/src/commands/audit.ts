// pypes audit: what the guard decided, and whether anybody has changed it since.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PypesError } from '@pypes/contract';
import type { Command } from 'commander';
import { type RecordFilter, readAuditRecords } from '../audit/records.ts';
import { type AuditFileReport, verifyAuditFolder } from '../audit/verify-folder.ts';
import { parseWhole } from '../input.ts';
import { DEFAULT_ROOT } from '../local.ts';
import { toStandardOutput } from '../terminal.ts';

type Common = { readonly root: string; readonly json?: boolean };
type Filters = { readonly decision?: string; readonly to?: string; readonly run?: string; readonly since?: string };

const MOST_SHOWN = 100_000;

/** Adds the command. */
export function registerAudit(program: Command): void {
  const audit = program
    .command('audit')
    .summary('what the guard decided, and whether anybody changed it')
    .description('Shows and verifies the audit log below --root: every decision of the guard, chained and signed.');
  const command = (spec: string, summary: string) =>
    audit
      .command(spec)
      .summary(summary)
      .description(summary)
      .option('--root <folder>', 'where the audit log is kept', DEFAULT_ROOT)
      .option('--json', 'as JSON')
      .exitOverride();

  command('verify', 'verify every record, seal and signature, without a network')
    .option('--key <base64>', 'the public key that has to have signed it')
    .option('--head <seal>', 'a seal that was written down before: shows that nothing was cut off since')
    .action(verify);
  filtered(command('show', 'show decisions, the newest last')).option('--last <n>', 'how many', '50').action(show);
  filtered(command('export', 'write decisions as JSON lines'))
    .option('--to-file <path>', 'a file (default: standard output)')
    .action(exportRecords);
}

function filtered(command: Command): Command {
  return command
    .option('--decision <name>', 'only allow, deny, modify, approve or defer')
    .option('--to <name>', 'only calls of this agent or operation')
    .option('--run <id>', 'only this run, with what it called')
    .option('--since <time>', 'only from this time on (ISO 8601)');
}

async function verify({ root, json, key, head }: Common & { readonly key?: string; readonly head?: string }) {
  const expected = { ...(key === undefined ? {} : { key }), ...(head === undefined ? {} : { head }) };
  const folder = join(root, 'audit');
  // Nothing is wrong with nothing: a root that was mistyped would pass.
  if (!existsSync(folder)) {
    const message = `There is no audit log below "${root}"; --root takes the folder that the service was started with`;
    throw new PypesError('not_found', message);
  }
  const report = await verifyAuditFolder(folder, expected);
  if (json === true) console.log(JSON.stringify({ status: report.ok ? 'ok' : 'error', ...report }));
  else {
    for (const file of report.files) for (const line of toLines(file)) console.log(line);
    console.log(`${report.records} records, ${report.signed} of them signed`);
    if (report.head !== '') console.log(`head ${report.head}`);
  }
  if (report.ok) return;
  const faults = report.files.reduce((total, file) => total + file.faults.length, 0);
  if (json !== true) console.error(`The audit log is not what was written: ${faults} faults`);
  process.exitCode = 2;
}

function toLines({ file, faults, unsealed, records }: AuditFileReport): readonly string[] {
  return [
    `${faults.length === 0 ? 'ok    ' : 'failed'}  ${file}  ${records} records`,
    ...faults.map(({ line, message }) => `          line ${line}: ${message}`),
    ...(unsealed.bytes === 0
      ? []
      : [
          `          ${unsealed.lines} lines after the last seal, as a process leaves them that is at work or was killed`,
        ]),
  ];
}

async function show({ root, json, last, ...filters }: Common & Filters & { readonly last: string }) {
  const most = parseWhole(last, '--last', 1, MOST_SHOWN);
  const records = [];
  for await (const record of readAuditRecords(join(root, 'audit'), toFilter(filters))) {
    records.push(record);
    if (records.length > most * 2) records.splice(0, records.length - most);
  }
  const shown = records.slice(-most);
  if (json === true) console.log(JSON.stringify({ status: 'ok', records: shown }));
  else {
    for (const { time, decision, from, to, code, policies } of shown) {
      const reasons = Array.isArray(policies)
        ? (policies as { policy: string; reason?: string }[]).map((each) => `${each.policy}: ${each.reason ?? ''}`)
        : [];
      console.log([time, String(decision).padEnd(7), `${from} → ${to}`, code ?? '', ...reasons].join('  ').trimEnd());
    }
  }
}

async function exportRecords({ root, json, toFile, ...filters }: Common & Filters & { readonly toFile?: string }) {
  const lines: string[] = [];
  for await (const record of readAuditRecords(join(root, 'audit'), toFilter(filters)))
    lines.push(JSON.stringify(record));
  const text = lines.map((line) => `${line}\n`).join('');
  if (toFile === undefined) toStandardOutput(text);
  else {
    await writeFile(toFile, text, { mode: 0o600 });
    const message = `Wrote ${lines.length} records to ${toFile}`;
    console.log(json === true ? JSON.stringify({ status: 'ok', records: lines.length, file: toFile }) : message);
  }
}

function toFilter({ decision, to, run, since }: Filters): RecordFilter {
  const from = since === undefined ? undefined : Date.parse(since);
  if (from !== undefined && Number.isNaN(from)) {
    throw new PypesError('invalid_request', `--since takes a time as 2026-01-31T12:00:00Z, got "${since}"`);
  }
  return {
    ...(decision === undefined ? {} : { decision }),
    ...(to === undefined ? {} : { to }),
    ...(run === undefined ? {} : { run }),
    ...(from === undefined ? {} : { since: from }),
  };
}
