// pypes eval: runs a suite of cases on this machine, compares it with a baseline, and lets a gate decide (spec 5).
import { dirname, resolve } from 'node:path';
import { PypesError } from '@pypes/contract';
import type { Report, RunSuite, Suite } from '@pypes/host/evals';
import type { Command } from 'commander';
import { EXIT } from '../exit.ts';
import { collect, parseWhole, readStandardInput } from '../input.ts';
import { DEFAULT_ROOT, foldersOrDefault, withHost } from '../local.ts';
import { style } from '../style.ts';
import { toStandardOutput } from '../terminal.ts';

type EvalOptions = {
  readonly agent?: string;
  readonly pack?: string;
  readonly baseline?: string;
  readonly saveBaseline?: string;
  readonly report?: string;
  readonly out?: string;
  readonly parallel?: string;
  readonly repeat?: string;
  readonly folder: readonly string[];
  readonly root: string;
  readonly yes?: boolean;
  readonly json?: boolean;
};

const REPORTS = ['md', 'html', 'json', 'junit'] as const;

/** Adds the command. */
export function registerEval(program: Command): void {
  const command = program
    .command('eval')
    .summary('run a suite of cases, and let its gate decide')
    .description(
      'Runs the cases of SUITE (YAML or JSON) and scores what comes out. Exit code 0 where the gate passes, 4 where it fails.',
    )
    .argument('<suite>', 'the suite, .yaml or .json')
    .option('--agent <name>', "the agent that is given the cases, instead of the suite's own")
    .option('--pack <pack>', 'guid or name of its pack')
    .option('--baseline <file>', 'a scorecard to compare with, instead of the one that the gate names')
    .option('--save-baseline <file>', 'write the scorecard, to compare later ones with')
    .option('--report <format>', `a report: ${REPORTS.join(', ')}; printed, or written with --out`)
    .option('--out <file>', 'where the report is written')
    .option('--parallel <n>', 'how many cases may be under way at once (default: 4)')
    .option('--repeat <n>', 'how often each case is run (default: 1, or 3 where the gate asks for stability)')
    .option('--folder <folder>', 'folder of agent files (default: agents, else the current folder)', collect, [])
    .option('--root <folder>', 'where packs, memory and the audit log are kept', DEFAULT_ROOT)
    .option('--yes', 'grant the files of a blueprint what its [grants] says')
    .option('--json', 'print {status, scorecard, gate_decision}')
    .action(evaluate);
  command
    .command('add-case')
    .summary('save a finished run as a case')
    .description('Adds a finished run to SUITE as a case: what it was given, and what it came to. Comments stay.')
    .argument('<suite>', 'the suite, .yaml or .json')
    .argument('<run>', "the run's JSON, with its input; - reads it from standard input")
    .option('--id <id>', "the case's id (default: that of the run)")
    .option('--tag <tag>', 'a tag', collect, [])
    .exitOverride()
    .action(addCase);
}

async function evaluate(file: string, options: EvalOptions): Promise<void> {
  const { decideGate } = await import('@pypes/host/evals');
  const { openBaseline, openSuite, writeText } = await import('../evals/files.ts');
  checkReport(options);
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort(new PypesError('canceled', 'The evaluation was canceled')));
  const suite = openSuite(file);
  const baseline = openBaseline(file, suite, options.baseline);
  const scorecard = await runHere(file, suite, options, {
    signal: abort.signal,
    ...(baseline === undefined ? {} : { baseline }),
    ...(options.parallel === undefined ? {} : { parallel: parseWhole(options.parallel, '--parallel', 1, 256) }),
    ...(options.repeat === undefined ? {} : { repeat: parseWhole(options.repeat, '--repeat', 1, 100) }),
  });
  const report: Report = { scorecard, gate_decision: decideGate(scorecard, suite.gate, baseline) };
  if (options.saveBaseline !== undefined)
    writeText(options.saveBaseline, `${JSON.stringify(report.scorecard, null, 2)}\n`);
  await show(report, options, writeText);
  if (report.gate_decision.decision === 'fail') process.exitCode = EXIT.gate;
}

function checkReport({ report, out, json }: EvalOptions): void {
  if (report !== undefined && !REPORTS.includes(report as (typeof REPORTS)[number])) {
    throw new PypesError('invalid_request', `--report takes ${REPORTS.join(', ')}, got "${report}"`);
  }
  if (out !== undefined && report === undefined) {
    throw new PypesError('invalid_request', '--out says where a report is written; --report says which');
  }
  if (json === true && report !== undefined && out === undefined) {
    throw new PypesError('invalid_request', '--json and --report would both be printed; write the report with --out');
  }
}

async function runHere(
  file: string,
  suite: Suite,
  options: EvalOptions,
  how: Pick<RunSuite, 'signal' | 'baseline' | 'parallel' | 'repeat'>,
): Promise<Report['scorecard']> {
  const { askThrough, runSuite } = await import('@pypes/host/evals');
  const { createAjvCompiler } = await import('@pypes/schemas/ajv');
  const { createAgentCaller, namedAgent, toAgentTarget, toBlueprintTarget } = await import('../evals/target.ts');
  const { createProgress } = await import('../evals/progress.ts');
  const blueprint = options.agent === undefined ? suite.blueprint : undefined;
  const name = blueprint === undefined ? namedAgent(suite, options.agent, options.pack) : undefined;
  const folders = name === undefined ? options.folder : foldersOrDefault(options.folder);
  const progress = createProgress(process.stderr);
  try {
    return await withHost({ folders, root: options.root }, async (host) => {
      const target =
        name === undefined
          ? await toBlueprintTarget(resolve(dirname(file), blueprint ?? ''), {
              root: options.root,
              yes: options.yes === true,
              signal: how.signal,
            })
          : await toAgentTarget(host, name);
      return runSuite({
        suite,
        ...target,
        ...how,
        ...(target.atOnce === undefined ? {} : { parallel: target.atOnce }),
        scorers: {
          schemas: createAjvCompiler(),
          callAgent: createAgentCaller(host),
          ...(host.ai === undefined ? {} : { ask: askThrough(host.ai) }),
        },
        now: Date.now,
        ...(options.json === true ? {} : { onProgress: progress.tell }),
      });
    });
  } finally {
    if (options.json !== true) progress.end();
  }
}

async function show(report: Report, options: EvalOptions, write: (file: string, text: string) => void): Promise<void> {
  const { toHtml, toJsonText, toJunit, toMarkdown } = await import('@pypes/host/evals');
  const print = { md: toMarkdown, html: toHtml, json: toJsonText, junit: toJunit };
  const text = options.report === undefined ? undefined : print[options.report as (typeof REPORTS)[number]](report);
  if (text !== undefined && options.out !== undefined) write(options.out, text);
  if (options.json === true) {
    const status = report.gate_decision.decision === 'pass' ? 'ok' : 'failed';
    console.log(JSON.stringify({ status, ...report }));
  } else if (text !== undefined && options.out === undefined) toStandardOutput(text);
  else {
    const { toLines } = await import('../evals/show.ts');
    const columns = process.stdout.isTTY ? process.stdout.columns : 120;
    for (const line of toLines(report, columns, style)) console.log(line);
  }
}

async function addCase(
  suite: string,
  run: string,
  options: { readonly id?: string; readonly tag: readonly string[] },
  command: Command,
): Promise<void> {
  const { addCase: add } = await import('../evals/add-case.ts');
  const { readText } = await import('../evals/files.ts');
  const text = run === '-' ? await readStandardInput() : readText(run, 'run');
  const added = add(suite, text, { tags: options.tag, ...(options.id === undefined ? {} : { id: options.id }) });
  // `--json` is an option of both commands, and the outer one has read it.
  if (command.optsWithGlobals().json === true) console.log(JSON.stringify({ status: 'ok', case: added.id }));
  else console.log(`Added the case "${added.id}" to ${suite}`);
}
