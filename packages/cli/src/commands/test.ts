// pypes test: runs the examples that an agent's file gives, and compares what comes back.
import { isDeepStrictEqual } from 'node:util';
import { isPypesError, type Json, PypesError } from '@pypes/contract';
import type { AgentEntry, Host, Pack } from '@pypes/host';
import type { Command } from 'commander';
import { EXIT } from '../exit.ts';
import { splitFile, withHost } from '../local.ts';
import { style } from '../style.ts';

type Outcome = {
  readonly file: string;
  readonly agent: string;
  readonly example: number;
  readonly passed: boolean;
  readonly message?: string;
  readonly ms: number;
};

/** Adds the command. */
export function registerTest(program: Command): void {
  program
    .command('test')
    .summary("run an agent's examples")
    .description('Runs the examples of the agents in FILEs; exit code 4 where one does not answer what it says.')
    .argument('<file...>', 'agent files')
    .option('--root <folder>', 'where packs and memory are kept')
    .option('--json', 'as JSON')
    .action(test);
}

async function test(
  files: readonly string[],
  options: { readonly root?: string; readonly json?: boolean },
): Promise<void> {
  const outcomes: Outcome[] = [];
  for (const file of files) {
    const { folder, filename } = splitFile(file);
    await withHost(
      { folders: [folder], ...(options.root === undefined ? {} : { root: options.root }) },
      async (host) => {
        outcomes.push(...(await testFile(host, file, filename)));
      },
    );
  }
  const failed = outcomes.filter((outcome) => !outcome.passed).length;
  if (options.json === true) console.log(JSON.stringify({ status: failed === 0 ? 'ok' : 'failed', outcomes }));
  else report(outcomes, failed);
  if (failed > 0) process.exitCode = EXIT.gate;
}

async function testFile(host: Host, file: string, filename: string): Promise<readonly Outcome[]> {
  const pack = (await host.list())[0] as Pack;
  const view = await pack.catalog.view();
  const broken = view.quarantined.find((quarantined) => quarantined.filename === filename);
  if (broken !== undefined) throw new PypesError('agent_broken', broken.error);
  const entries = [...view.agents.values()].filter((entry) => entry.version.path === filename);
  if (entries.length === 0) throw new PypesError('agent_broken', `The file "${file}" has no agent of its own`);
  const outcomes: Outcome[] = [];
  for (const entry of entries) outcomes.push(...(await testAgent(host, pack, file, entry)));
  return outcomes;
}

async function testAgent(host: Host, pack: Pack, file: string, entry: AgentEntry): Promise<readonly Outcome[]> {
  const examples = entry.metadata.examples ?? [];
  if (examples.length === 0) {
    throw new PypesError('invalid_request', `"${entry.name}" has no examples; add AGENT.examples: [{args, returns}]`);
  }
  const outcomes: Outcome[] = [];
  for (const [index, example] of examples.entries()) {
    const began = performance.now();
    const message = await failureOf(host, pack, entry.name, example);
    outcomes.push({
      file,
      agent: entry.name,
      example: index,
      passed: message === undefined,
      ...(message === undefined ? {} : { message }),
      ms: Math.round(performance.now() - began),
    });
  }
  return outcomes;
}

async function failureOf(
  host: Host,
  pack: Pack,
  agent: string,
  example: { readonly args: { readonly [key: string]: Json }; readonly returns?: Json },
): Promise<string | undefined> {
  try {
    const output = await host.call(pack, { agent, args: example.args, from: 'cli' });
    if (!Object.hasOwn(example, 'returns') || isDeepStrictEqual(output, example.returns)) return undefined;
    return `expected ${JSON.stringify(example.returns)}, got ${JSON.stringify(output)}`;
  } catch (error) {
    if (isPypesError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
}

function report(outcomes: readonly Outcome[], failed: number): void {
  for (const { agent, example, passed, message, ms } of outcomes) {
    const mark = passed ? style('green', 'ok') : style('red', 'not ok');
    console.log(`${mark}  ${agent} example ${example + 1} (${ms} ms)${message === undefined ? '' : `: ${message}`}`);
  }
  console.log(`${outcomes.length - failed} passed, ${failed} failed`);
}
