// pypes contract: from a wish to a checked blueprint, and to an installed and running one only with a yes.

import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { PypesError } from '@pypes/contract';
import type { Command } from 'commander';
import { installMissing, missingSkills, runBlueprint, writeDraft } from '../contracting/act.ts';
import type { Drafted, Outcome } from '../contracting/doors.ts';
import { toFacts } from '../contracting/facts.ts';
import { checkGiven, parseComponentGrants } from '../contracting/grants.ts';
import { createPerson } from '../contracting/person.ts';
import { isYes, openPrompt, type Prompt } from '../contracting/prompt.ts';
import { readAgent } from '../contracting/read-agent.ts';
import { toLines } from '../contracting/show.ts';
import { EXIT } from '../exit.ts';
import { collect, parseWhole } from '../input.ts';
import { DEFAULT_ROOT } from '../local.ts';

type ContractOptions = {
  readonly root: string;
  readonly folder: readonly string[];
  readonly set: readonly string[];
  readonly release: readonly string[];
  readonly grant: readonly string[];
  readonly out?: string;
  readonly yes?: boolean;
  readonly install?: boolean;
  readonly run?: boolean;
  readonly input?: string;
  /** `false` for --no-model. */
  readonly model?: string | boolean;
  readonly timeout?: string;
  readonly offline?: boolean;
  readonly json?: boolean;
};

const LONGEST_MS = 600_000;

/** Adds the command. */
export function registerContract(program: Command): void {
  program
    .command('contract')
    .summary('from a wish to a checked blueprint')
    .description(
      'Looks for skills that do what WISH says, drafts a blueprint, checks it, repairs it, and shows what it may do. Nothing is installed and nothing runs before a yes: in a terminal it asks; elsewhere --out writes the blueprint and nothing else, and --yes with --install or --run takes exactly the permissions that --grant names.',
    )
    .argument('<wish...>', 'what the agent is to do, in your words')
    .option('--set <name=value>', 'a value that it needs: NAME, STEP.ARGUMENT or COMPONENT.ARGUMENT', collect, [])
    .option('--out <file>', 'where the blueprint is written')
    .option('--install', 'with --yes: install what is missing')
    .option('--run', 'with --yes: run it')
    .option('--input <json>', 'what the run is given, a JSON object')
    .option('--yes', 'do not ask; takes --install or --run, and --grant for each permission')
    .option('--grant <component.name=value>', 'a permission for a skill that is installed', collect, [])
    .option('--release <step.input.argument>', 'let private data out there', collect, [])
    .option('--folder <folder>', 'folder of agent files (default: agents, where there is one)', collect, [])
    .option('--model <name>', 'a model of ai.json; its default otherwise')
    .option('--no-model', 'search and templates alone')
    .option('--timeout <ms>', 'how long one answer of a model may take')
    .option('--offline', 'no network: of the registry, what is in the cache')
    .option('--root <folder>', 'where packs and skills are kept', DEFAULT_ROOT)
    .option('--json', 'as JSON')
    .action(contractCommand);
}

async function contractCommand(words: readonly string[], options: ContractOptions): Promise<void> {
  const wish = words.join(' ');
  const given = parseComponentGrants(options.grant);
  checkFlags(options);
  const file = resolve(options.out ?? 'agent.toml');
  const prompt = options.yes === true || options.json === true || options.out !== undefined ? undefined : openPrompt();
  try {
    const outcome = await negotiateHere(wish, file, prompt, options);
    if (options.json === true) console.log(JSON.stringify({ status: 'ok', ...toFacts(wish, outcome) }));
    else for (const line of toLines(wish, outcome)) console.log(line);
    const why = whyNot(outcome);
    const { drafted } = outcome;
    if (drafted === undefined || why !== undefined) {
      report(options, `${why}; nothing was written, installed or run`);
      process.exitCode = EXIT.usage;
      return;
    }
    if (options.yes === true) {
      checkGiven(missingSkills(drafted), given);
      await writeDraft(file, drafted);
      report(options, `Wrote ${file}`);
      for (const source of await installMissing(drafted, options.root, async () => true))
        report(options, `Installed ${source}`);
      if (options.run === true) process.exitCode = await runBlueprint(file, options.root, options.input);
      return;
    }
    if (options.out !== undefined) {
      await writeDraft(file, drafted);
      report(options, `Wrote ${file}; nothing was installed`);
      return;
    }
    if (prompt === undefined) {
      report(options, 'Nobody can be asked here, and nothing was written; --out FILE writes the blueprint');
      process.exitCode = EXIT.usage;
      return;
    }
    await askAndAct(drafted, file, prompt, options);
  } finally {
    prompt?.close();
  }
}

async function negotiateHere(
  wish: string,
  file: string,
  prompt: Prompt | undefined,
  options: ContractOptions,
): Promise<Outcome> {
  const { contract } = await import('../contracting/doors.ts');
  return contract({
    wish,
    root: options.root,
    folders: options.folder.length > 0 ? options.folder : existsSync('agents') ? ['agents'] : [],
    home: dirname(file),
    file: basename(file),
    answers: parseAnswers(options.set),
    person: createPerson(prompt, new Set(options.release)),
    readAgent,
    offline: options.offline === true,
    ...(options.model === undefined || options.model === true ? {} : { model: options.model }),
    ...(options.timeout === undefined ? {} : { timeoutMs: parseWhole(options.timeout, '--timeout', 1, LONGEST_MS) }),
    log: (entry) => entry.level === 'error' && console.error(`${entry.event} ${JSON.stringify(entry)}`),
  });
}

/** Why there is nothing that may be written, installed or run. */
function whyNot({ drafted, unmet }: Outcome): string | undefined {
  if (drafted === undefined) return 'Nothing was found that does this';
  if (!drafted.isProven) return 'The blueprint does not pass its check';
  return unmet.length === 0 ? undefined : `Nothing was found for "${unmet.join('", "')}"`;
}

const QUESTION = '[y]es write it / [i]nstall what is missing / [r]un / [n]o: ';

async function askAndAct(drafted: Drafted, file: string, prompt: Prompt, options: ContractOptions): Promise<void> {
  const answer = (await prompt.ask(`\n${QUESTION}`))?.trim().toLowerCase() ?? 'n';
  const wants = ACTIONS[answer];
  if (wants === undefined) throw new PypesError('canceled', 'Nothing was written, installed or run');
  await writeDraft(file, drafted);
  console.log(`Wrote ${file}`);
  if (wants === 'write') return;
  const installed = await installMissing(drafted, options.root, async (review, grants) => {
    for (const line of review) console.log(line);
    const what = Object.keys(grants).length === 0 ? 'Install it?' : 'Install it, and grant what the blueprint says?';
    return isYes(await prompt.ask(`${what} [y]es, [n]o: `));
  });
  for (const source of installed) console.log(`Installed ${source}`);
  if (wants === 'install') return;
  if (installed.length < missingSkills(drafted).length)
    throw new PypesError('canceled', 'Something that it needs was not installed; it did not run');
  prompt.close();
  process.exitCode = await runBlueprint(file, options.root, options.input);
}

const ACTIONS: { readonly [answer: string]: 'write' | 'install' | 'run' } = {
  y: 'write',
  yes: 'write',
  i: 'install',
  install: 'install',
  r: 'run',
  run: 'run',
};

/** A yes without saying to what is none. */
function checkFlags({ yes, install, run, grant, out }: ContractOptions): void {
  const acts = install === true || run === true;
  if (yes === true && !acts) throw new PypesError('invalid_request', '--yes goes with --install or --run');
  if (yes !== true && acts) {
    throw new PypesError(
      'invalid_request',
      '--install and --run go with --yes; in a terminal, leave them out and be asked',
    );
  }
  if (run === true && install !== true && grant.length > 0)
    throw new PypesError('invalid_request', '--grant is for skills that are installed; add --install');
  if (out !== undefined && existsSync(out))
    throw new PypesError(
      'invalid_request',
      `The file "${out}" exists, and was left as it is; name another one with --out`,
    );
}

function parseAnswers(texts: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    texts.map((text) => {
      const cut = text.indexOf('=');
      if (cut < 1) throw new PypesError('invalid_request', `"${text}" is no NAME=VALUE`);
      return [text.slice(0, cut), text.slice(cut + 1)] as const;
    }),
  );
}

/** With --json, standard output is one value. */
function report({ json }: ContractOptions, line: string): void {
  if (json === true) console.error(line);
  else console.log(line);
}
