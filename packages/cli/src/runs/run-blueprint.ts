// pypes run agent.toml: checks a blueprint, then executes it through the guard (spec 4), as a durable run (spec 5).
import { createInterface } from 'node:readline/promises';
import { type Approval, type JsonObject, PypesError } from '@pypes/contract';
import type { RunEvent } from '@pypes/contract/runs';
import type { Blueprint } from '@pypes/host/blueprints';
import type { StepEvent } from '@pypes/host/blueprints/run';
import type { Absent, OpenedBlueprint } from '@pypes/service/blueprints';
import { openBlueprint } from '../blueprints/open.ts';
import { grantsOfFiles, toStepLine } from '../blueprints/words.ts';
import { EXIT } from '../exit.ts';
import { parseWhole } from '../input.ts';
import { style } from '../style.ts';
import { printOutput } from '../terminal.ts';
import { VERSION } from '../version.ts';
import { toEventLine } from './event-line.ts';
import { CANCELING, type Showing } from './follow-run.ts';

/** How it is run. */
export type RunBlueprintOptions = Showing & {
  readonly allowUnsafe: readonly string[];
  readonly root: string;
  readonly parallel?: string;
  readonly yes?: boolean;
  readonly user?: string;
  readonly deterministic?: boolean;
  readonly idempotencyKey?: string;
};

const MOST_PARALLEL = 256;

/** @throws PypesError what the check or the run failed with */
export async function runBlueprintFile(file: string, input: JsonObject, options: RunBlueprintOptions): Promise<void> {
  const { refusing } = await import('@pypes/host/blueprints/run');
  const abort = new AbortController();
  const stop = () => {
    // A second time, nobody wants to wait any more.
    if (abort.signal.aborted) process.exit(EXIT.runtime);
    console.error(CANCELING);
    abort.abort(new PypesError('canceled', 'The run was canceled'));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const opened = await withSkills(file, options);
  const refused = refusing(opened.findings, options.allowUnsafe);
  if (refused.length > 0) await refuse(refused, options);
  await agreeToGrants(opened, options);
  const { startRun } = await import('@pypes/service/blueprints');
  const { output, run, steps, labels } = await startRun({
    ...opened,
    root: options.root,
    version: VERSION,
    input,
    allowUnsafe: options.allowUnsafe,
    signal: abort.signal,
    ...(options.parallel === undefined
      ? {}
      : { parallel: parseWhole(options.parallel, '--parallel', 1, MOST_PARALLEL) }),
    ...(options.user === undefined ? {} : { userGuid: options.user }),
    isDeterministic: options.deterministic === true,
    ...(options.idempotencyKey === undefined ? {} : { idempotencyKey: options.idempotencyKey }),
    ...listeners(options),
  });
  if (options.json === true) console.log(JSON.stringify({ status: 'ok', run, output, labels, steps }));
  else printOutput(output);
}

/** The blueprint with its skills: those that are missing are installed where somebody says yes. */
async function withSkills(file: string, options: RunBlueprintOptions): Promise<OpenedBlueprint> {
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

async function install(
  { component, install: source = '' }: Absent,
  { grants }: Blueprint,
  { root, json }: RunBlueprintOptions,
) {
  const { fetchSkill, installSkill } = await import('@pypes/service/skills');
  const candidate = await fetchSkill(source, { root });
  await installSkill(candidate, grants.get(component)?.permissions ?? {}, { root });
  if (json !== true) console.error(`Installed ${candidate.report.title}`);
}

/** A file beside the blueprint has no grant but the blueprint's own: a person has to say yes to it. */
async function agreeToGrants({ blueprint, opened }: OpenedBlueprint, options: RunBlueprintOptions): Promise<void> {
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
async function agree(
  lines: readonly string[],
  refusal: string,
  question: string,
  options: RunBlueprintOptions,
): Promise<void> {
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

async function refuse(refused: OpenedBlueprint['findings'], { json }: RunBlueprintOptions): Promise<never> {
  const { toJsonReport, toText } = await import('@pypes/host/blueprints');
  if (json !== true) console.error(toText(refused));
  const codes = [...new Set(refused.map(({ code }) => code))].join(', ');
  throw new PypesError('policy_denied', `Nothing was run: the check found ${refused.length} error(s), ${codes}`, {
    details: { policy: 'check', ...(json === true ? toJsonReport(refused) : {}) },
  });
}

/** People read lines on standard error; programs get the events on standard output, where they ask for them. */
function listeners({ json, follow }: RunBlueprintOptions) {
  const say = (text: string | undefined) => {
    if (text !== undefined && json !== true) console.error(text);
  };
  return {
    onStart: (id: string) => say(style('dim', `Run ${id}; pypes runs show ${id}`)),
    onStep: (event: StepEvent) => say(toStepLine(event)),
    onEvent: () => undefined,
    onApproval: ({ id, tool, from, reason }: Approval) =>
      say(`${from} → ${tool} waits for a yes (${reason}): pypes approvals grant ${id}`),
    onLine(line: string) {
      if (json === true) {
        if (follow === true) console.log(line);
        return;
      }
      const event = JSON.parse(line) as RunEvent;
      // Steps and approvals have lines of their own.
      if (follow === true || event.event_type === 'log' || event.event_type === 'progress') {
        say(toEventLine(event, follow === true));
      }
    },
    log: (entry: { readonly level: string; readonly event: string }) => {
      if (entry.level === 'error') console.error(`${entry.event} ${JSON.stringify(entry)}`);
    },
  };
}
