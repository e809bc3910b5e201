// pypes run: checks a blueprint, then executes it through the guard (spec 4).
import { createInterface } from 'node:readline/promises';
import { type JsonObject, PypesError } from '@pypes/contract';
import type { CallEvent } from '@pypes/host';
import type { Blueprint } from '@pypes/host/blueprints';
import type { StepEvent } from '@pypes/host/blueprints/run';
import type { Absent } from '@pypes/service/blueprints';
import type { Command } from 'commander';
import { type OpenedBlueprint, openBlueprint } from '../blueprints/open.ts';
import { grantsOfFiles, toStepLine } from '../blueprints/words.ts';
import { EXIT } from '../exit.ts';
import { collect, parseJsonObject, parseWhole, readStandardInput } from '../input.ts';
import { DEFAULT_ROOT } from '../local.ts';
import { style } from '../style.ts';

type RunOptions = {
  readonly input?: string;
  readonly allowUnsafe: readonly string[];
  readonly root: string;
  readonly parallel?: string;
  readonly yes?: boolean;
  readonly follow?: boolean;
  readonly json?: boolean;
};

const MOST_PARALLEL = 256;

/** Adds the command. */
export function registerRun(program: Command): void {
  program
    .command('run')
    .summary('check a blueprint, and run it')
    .description(
      'Checks a blueprint and runs it. Nothing runs where the check finds an error, unless --allow-unsafe names its code; that is recorded in the audit log and in the record of the run, below runs/ of --root.',
    )
    .argument('<blueprint>', 'agent.toml')
    .option('--input <json>', 'what the run is given, a JSON object; - reads it from standard input')
    .option('--allow-unsafe <code>', 'run although the check found errors of this code', collect, [])
    .option('--yes', 'install skills that are missing, and grant local files what [grants] says, without asking')
    .option('--parallel <n>', 'how many calls may be under way at once (default: 8)')
    .option('--root <folder>', 'where packs, skills, runs and the audit log are kept', DEFAULT_ROOT)
    .option('--follow', 'with --json: a line for each event, as it happens')
    .option('--json', 'print {status, run, output, steps} instead of the output alone')
    .action(run);
}

async function run(file: string, options: RunOptions): Promise<void> {
  const { refusing } = await import('@pypes/host/blueprints/run');
  const abort = new AbortController();
  const stop = () => {
    // A second time, nobody wants to wait any more.
    if (abort.signal.aborted) process.exit(EXIT.runtime);
    abort.abort(new PypesError('canceled', 'The run was canceled'));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const input = await readInput(options.input);
  const opened = await withSkills(file, options);
  const refused = refusing(opened.findings, options.allowUnsafe);
  if (refused.length > 0) await refuse(refused, options);
  await agreeToGrants(opened, options);
  const { startRun } = await import('@pypes/service/blueprints');
  const {
    output,
    run: id,
    steps,
    labels,
    folder,
  } = await startRun({
    ...opened,
    root: options.root,
    input,
    allowUnsafe: options.allowUnsafe,
    signal: abort.signal,
    ...(options.parallel === undefined
      ? {}
      : { parallel: parseWhole(options.parallel, '--parallel', 1, MOST_PARALLEL) }),
    ...listeners(options),
  });
  if (options.json === true)
    console.log(JSON.stringify({ status: 'ok', run: id, output, labels, steps, record: folder }));
  else console.log(typeof output === 'string' ? output : JSON.stringify(output, null, 2));
}

async function readInput(given: string | undefined): Promise<JsonObject> {
  if (given === undefined) return {};
  return parseJsonObject(given === '-' ? await readStandardInput() : given, 'The input');
}

/** The blueprint with its skills: those that are missing are installed where somebody says yes. */
async function withSkills(file: string, options: RunOptions): Promise<OpenedBlueprint> {
  const first = await openBlueprint(file, options.root);
  const missing = first.opened.absent.filter(({ install }) => install !== undefined);
  if (missing.length === 0) return first;
  const commands = missing.map(({ install }) => `pypes install ${install}`);
  await agree(
    ['These skills are not installed:', ...commands.map((command) => `  ${command}`)],
    `${missing.length} skill(s) are not installed: ${commands.join('; ')}. Install them, or repeat it with --yes`,
    'Install them, granting what [grants] names and nothing else?',
    options,
  );
  for (const each of missing) await install(each, first.blueprint, options);
  return openBlueprint(file, options.root);
}

async function install({ component, install: source = '' }: Absent, { grants }: Blueprint, { root, json }: RunOptions) {
  const { fetchSkill, installSkill } = await import('@pypes/service/skills');
  const candidate = await fetchSkill(source, { root });
  await installSkill(candidate, grants.get(component)?.permissions ?? {}, { root });
  if (json !== true) console.error(`Installed ${candidate.report.title}`);
}

/** A file beside the blueprint has no grant but the blueprint's own: a person has to say yes to it. */
async function agreeToGrants({ blueprint, opened }: OpenedBlueprint, options: RunOptions): Promise<void> {
  const granted = grantsOfFiles(blueprint, opened);
  if (granted.length === 0) return;
  await agree(
    ['The blueprint grants files beside it:', ...granted.map((line) => `  ${line}`)],
    `The blueprint grants files beside it what nobody said yes to: ${granted.join('; ')}. Read them, and repeat it with --yes`,
    'Grant this for the run?',
    options,
  );
}

/** @throws PypesError `policy_denied` where nobody can be asked, `canceled` where somebody says no */
async function agree(lines: readonly string[], refusal: string, question: string, options: RunOptions): Promise<void> {
  if (options.yes === true) return;
  if (!process.stdin.isTTY || options.json === true) throw new PypesError('policy_denied', refusal);
  for (const line of lines) console.error(line);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    if (/^y(es)?$/i.test((await terminal.question(`${question} [y]es, [n]o: `)).trim())) return;
  } finally {
    terminal.close();
  }
  throw new PypesError('canceled', 'Nothing was run');
}

async function refuse(refused: OpenedBlueprint['findings'], { json }: RunOptions): Promise<never> {
  const { toJsonReport, toText } = await import('@pypes/host/blueprints');
  if (json !== true) console.error(toText(refused));
  const codes = [...new Set(refused.map(({ code }) => code))].join(', ');
  throw new PypesError('policy_denied', `Nothing was run: the check found ${refused.length} error(s), ${codes}`, {
    details: { policy: 'check', ...(json === true ? toJsonReport(refused) : {}) },
  });
}

/** People read lines on standard error; programs get JSON lines on standard output, where they ask for them. */
function listeners({ json, follow }: RunOptions) {
  const line = (facts: JsonObject) => {
    if (follow === true) console.log(JSON.stringify(facts));
  };
  const say = (text: string) => console.error(text);
  return json === true
    ? {
        onStart: (id: string, folder: string) => line({ type: 'run.started', run: id, record: folder }),
        onStep: (event: StepEvent) => line({ ...event }),
        onEvent: ({ type, ...rest }: CallEvent) => line({ type: `agent.${type}`, ...rest }),
        onApproval: ({ id, tool, from, reason }: { id: string; tool: string; from: string; reason: string }) =>
          line({ type: 'approval.requested', id, tool, from, reason }),
        log: (entry: { readonly level: string; readonly event: string }) => {
          if (entry.level === 'error') say(JSON.stringify(entry));
        },
      }
    : {
        onStart: (_id: string, folder: string) => say(style('dim', `Recorded in ${folder}`)),
        onStep(event: StepEvent) {
          const text = toStepLine(event);
          if (text !== undefined) say(text);
        },
        onEvent: (event: CallEvent) =>
          say(
            style(
              'dim',
              `[${event.agent}] ${event.type === 'log' ? `${event.level} ${event.message}` : `${Math.round(event.fraction * 100)} %`}`,
            ),
          ),
        onApproval: ({ id, tool, from, reason }: { id: string; tool: string; from: string; reason: string }) =>
          say(`${from} → ${tool} waits for a yes (${reason}): pypes approvals grant ${id}`),
        log: (entry: { readonly level: string; readonly event: string }) => {
          if (entry.level === 'error') say(`${entry.event} ${JSON.stringify(entry)}`);
        },
      };
}
