// pypes guard: whether a file of policies is right, and what it would have done to calls that were recorded.
import { type Policy, PypesError } from '@pypes/contract';
import { createContexts, replayCalls, summarizeReplay } from '@pypes/guard';
import type { Command } from 'commander';
import { EXIT } from '../exit.ts';
import { listRuns, loadRuns } from '../guard/runs.ts';
import { toReplayJson, toReplayLines, toTime } from '../guard/show-replay.ts';
import { DEFAULT_ROOT } from '../local.ts';
import { toTable } from '../style.ts';

type Json = { readonly json?: boolean };
type Runs = Json & { readonly root: string; readonly since?: string };
type Replay = Runs & { readonly all?: boolean; readonly failOnChange?: boolean };

/** Adds the command. */
export function registerGuard(program: Command): void {
  const guard = program
    .command('guard')
    .summary('check a file of policies, and try it on recorded calls')
    .description(
      'Checks a file of policies, and shows what it would have done to calls that were recorded with pypes serve --record, before anyone adopts it. Agents are not called.',
    );
  const command = (spec: string, summary: string) =>
    guard.command(spec).summary(summary).description(summary).option('--json', 'as JSON').exitOverride();
  const recorded = (spec: string, summary: string) =>
    command(spec, summary)
      .option('--root <folder>', 'where recordings are kept', DEFAULT_ROOT)
      .option('--since <time>', 'runs that began at this time or later (ISO 8601)');

  command('check <policy>', 'check a file of policies, every mistake with its place').action(check);
  recorded('runs', 'list recorded runs, the newest last').action(runs);
  recorded('replay <policy> [run...]', 'show what a file of policies would have stopped, asked for and let through')
    .option('--all', 'all recorded runs')
    .option('--fail-on-change', `exit with ${EXIT.gate} where a call differs`)
    .addHelpText('after', '\nA RUN is the id of a run (pypes guard runs), or a file of recorded calls.')
    .action(replay);
}

async function check(file: string, { json }: Json): Promise<void> {
  const { version, create } = await openPolicies(file);
  const ask = async () => undefined;
  const policies: readonly Policy[] = create({
    now: Date.now,
    createAsk: () => ask,
    contexts: createContexts(),
    about: () => undefined,
  });
  if (json === true) console.log(JSON.stringify({ status: 'ok', policies: policies.length, version }));
  else console.log(`${file} is right: ${policies.length} policies, version ${version}`);
}

async function runs({ root, since, json }: Runs): Promise<void> {
  const { recordingsFolder } = await import('@pypes/service/node');
  const from = parseTime(since) ?? 0;
  const found = (await listRuns(recordingsFolder(root))).filter(({ time }) => time >= from);
  if (json === true) {
    console.log(
      JSON.stringify({ status: 'ok', runs: found.map(({ time, ...rest }) => ({ ...rest, time: toTime(time) })) }),
    );
  } else if (found.length === 0) console.log('Nothing is recorded; pypes serve --record does it');
  else {
    const rows = found.map(({ run, time, from, to, calls, stopped }) => [
      run,
      toTime(time),
      `${from} → ${to}`,
      `${calls} calls${stopped === 0 ? '' : `, ${stopped} stopped`}`,
    ]);
    console.log(toTable(rows));
  }
}

async function replay(file: string, named: readonly string[], options: Replay): Promise<void> {
  const { recordingsFolder } = await import('@pypes/service/node');
  const { create } = await openPolicies(file);
  const since = parseTime(options.since);
  if (named.length === 0 && options.all !== true && since === undefined) {
    throw new PypesError(
      'invalid_request',
      'Name runs or files to replay, or say --all or --since TIME; pypes guard runs lists runs',
    );
  }
  const { calls, lost, unreadable } = await loadRuns({
    folder: recordingsFolder(options.root),
    named,
    all: options.all === true,
    ...(since === undefined ? {} : { since }),
  });
  const results = await replayCalls(calls, create);
  const summary = summarizeReplay(results);
  if (options.json === true) {
    console.log(JSON.stringify({ status: 'ok', ...toReplayJson(summary, results), lost, unreadable }));
  } else {
    for (const line of toReplayLines(summary)) console.log(line);
    if (lost > 0)
      console.log(`${lost} more calls of these runs were too many to be recorded: budgets count too little`);
    if (unreadable > 0) console.log(`${unreadable} lines cannot be read, as a crash leaves them`);
  }
  const isChanged = summary.counts.same + summary.counts.unknown < summary.calls;
  if (options.failOnChange === true && isChanged) process.exitCode = EXIT.gate;
}

/** Loaded when wanted: it brings the whole host. */
async function openPolicies(file: string) {
  const { openPolicyFile } = await import('@pypes/service/node');
  return openPolicyFile(file);
}

function parseTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new PypesError('invalid_request', `--since takes a time as 2026-01-31T12:00:00Z, got "${text}"`);
}
