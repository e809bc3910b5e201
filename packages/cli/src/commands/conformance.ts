// pypes conformance: judges any endpoint by the wire contract, over nothing but its URL (spec 2, conformance).
import { writeFile } from 'node:fs/promises';
import {
  CHECKS,
  type ConformanceOptions,
  NoEndpoint,
  type NoEndpointKind,
  type Outcome,
  type Report,
  runConformance,
  selectChecks,
  toJunit,
  toLine,
  toSummary,
} from '@pypes/conformance';
import { type ErrorCode, PypesError } from '@pypes/contract';
import type { Command } from 'commander';
import { EXIT, reportError } from '../exit.ts';
import { style, toTable } from '../style.ts';

type Options = {
  readonly token?: string;
  readonly slow?: boolean;
  readonly only?: readonly string[];
  /** True: to standard output; a text: into this file. */
  readonly json?: boolean | string;
  readonly junit?: string;
  readonly list?: boolean;
};

/** Where nothing is judged; an endpoint that is none has failed the gate. */
const CODES: { readonly [kind in Exclude<NoEndpointKind, 'no_endpoint'>]: ErrorCode } = {
  no_url: 'invalid_request',
  unreachable: 'unavailable',
  unauthorized: 'unauthorized',
};

const COLOURS = { passed: 'green', failed: 'red', skipped: 'dim' } as const;

/** Adds the command. */
export function registerConformance(program: Command): void {
  program
    .command('conformance')
    .summary('judge an endpoint by the wire contract')
    .description(
      'Judges the endpoint at URL, whoever wrote it: deploys packs of its own, calls them, and removes them. Exit code 4 where a MUST fails.',
    )
    .argument('[url]', 'base URL of the endpoint: http://127.0.0.1:7080')
    .option('--token <token>', 'token for the endpoint', process.env.PYPES_TOKEN)
    .option('--slow', 'checks that take long or move many bytes, too')
    .option('--only <id...>', 'only these checks (DEPLOY-3) or groups of them (DEPLOY)')
    .option('--json [file]', 'the report as JSON, on standard output or in a file')
    .option('--junit <file>', "the report as JUnit's XML, in a file")
    .option('--list', 'list the checks and judge nothing')
    .action(conformance);
}

async function conformance(url: string | undefined, options: Options): Promise<void> {
  const { only, json, junit } = options;
  const checks = only === undefined ? CHECKS : selected(only);
  if (options.list === true) {
    listChecks(checks, json === true);
    return;
  }
  if (url === undefined) throw new PypesError('invalid_request', 'Name the endpoint: pypes conformance http://…');
  const report = await untilInterrupted((signal) =>
    judge({
      url,
      checks,
      signal,
      slow: options.slow === true,
      ...(options.token === undefined ? {} : { token: options.token }),
      ...(json === true ? {} : { onOutcome: (outcome) => console.log(toColouredLine(outcome)) }),
    }),
  );
  if (report === undefined) return;
  if (typeof json === 'string') await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  if (junit !== undefined) await writeFile(junit, toJunit(report));
  if (json === true) console.log(JSON.stringify({ status: report.conformant ? 'ok' : 'failed', ...report }));
  else console.log(toSummary(report));
  if (!report.conformant) process.exitCode = EXIT.gate;
}

function selected(only: readonly string[]): typeof CHECKS {
  try {
    return selectChecks(CHECKS, only);
  } catch (error) {
    throw new PypesError('invalid_request', (error as Error).message);
  }
}

function listChecks(checks: typeof CHECKS, asJson: boolean): void {
  const rows = checks.map(({ id, level, title, needs = [], slow = false }) => ({ id, level, needs, slow, title }));
  if (asJson) {
    console.log(JSON.stringify({ status: 'ok', checks: rows }));
    return;
  }
  const words = rows.map(({ id, level, needs, slow, title }) => [
    id,
    level,
    [...needs, ...(slow ? ['--slow'] : [])].join(' '),
    title,
  ]);
  console.log(toTable([['check', 'level', 'needs', ''], ...words]));
}

/** The report; undefined where what is there is no endpoint, which has been said. */
async function judge(options: ConformanceOptions): Promise<Report | undefined> {
  try {
    return await runConformance(options);
  } catch (error) {
    if (!(error instanceof NoEndpoint)) throw error;
    if (error.kind !== 'no_endpoint') throw new PypesError(CODES[error.kind], error.message, { cause: error });
    reportError(new PypesError('invalid_output', error.message), options.onOutcome === undefined);
    process.exitCode = EXIT.gate;
    return undefined;
  }
}

/** Ctrl-C ends the check under way and removes what was deployed; a second one ends everything. */
async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const gone = new AbortController();
  const interrupt = () => {
    if (gone.signal.aborted) process.exit(EXIT.runtime);
    console.error('Interrupted: removing what was deployed');
    gone.abort(new PypesError('unavailable', 'Interrupted before all checks were run'));
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await work(gone.signal);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function toColouredLine(outcome: Outcome): string {
  const line = toLine(outcome);
  return outcome.status === 'passed' ? line : style(COLOURS[outcome.status], line);
}
