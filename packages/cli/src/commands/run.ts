// pypes run: an agent or a blueprint as a durable run (spec 4, blueprint; spec 5).
import { existsSync } from 'node:fs';
import type { JsonObject } from '@pypes/contract';
import type { Command } from 'commander';
import { collect, parseJsonObject, readStandardInput } from '../input.ts';
import { DEFAULT_ROOT } from '../local.ts';
import type { RunAgentOptions } from '../runs/run-agent.ts';
import type { RunBlueprintOptions } from '../runs/run-blueprint.ts';

type RunOptions = RunAgentOptions & RunBlueprintOptions & { readonly input?: string };

/** Adds the command. */
export function registerRun(program: Command): void {
  program
    .command('run')
    .summary('run an agent or a blueprint, durably')
    .description(
      'Runs an agent, or checks a blueprint and runs it. The run, its events and its artifacts are kept below --root (pypes runs shows them), or by a service: --url. A blueprint does not run where the check finds an error, unless --allow-unsafe names its code; that is recorded in the audit log and with the run.',
    )
    .argument('<target>', 'an agent, agent.toml, or with --url and --blueprint a blueprint that the service offers')
    .option('--input <json>', 'what the run is given, a JSON object; - reads it from standard input')
    .option('--folder <folder>', 'folder of agent files (default: agents, else the current folder)', collect, [])
    .option('--pack <pack>', 'guid or name of the pack that has the agent')
    .option('--user <guid>', 'whose memory the run sees')
    .option('--deterministic', 'the same input gives the same artifacts, byte for byte')
    .option('--url <url>', 'a service instead of this machine')
    .option('--token <token>', 'token for the service', process.env.PYPES_TOKEN)
    .option('--tenant <tenant>', 'for whom, at a service with tenants')
    .option('--blueprint', 'with --url: the target is the name of a blueprint')
    .option('--idempotency-key <key>', 'the same key with the same request is the same run')
    .option('--detach', 'with --url: print the id of the run and leave it')
    .option('--allow-unsafe <code>', 'run although the check found errors of this code', collect, [])
    .option('--yes', 'install skills that are missing, and grant local files what [grants] says, without asking')
    .option('--parallel <n>', 'how many calls of a blueprint may be under way at once (default: 8)')
    .option('--root <folder>', 'where packs, skills, runs and the audit log are kept', DEFAULT_ROOT)
    .option('--follow', 'show every event as it happens; with --json as JSON lines')
    .option('--json', 'print {status, run, output} instead of the output alone')
    .action(run);
}

async function run(target: string, options: RunOptions): Promise<void> {
  const input = await readInput(options.input);
  if (options.url === undefined && (target.endsWith('.toml') || (existsSync(target) && target.includes('/')))) {
    const { runBlueprintFile } = await import('../runs/run-blueprint.ts');
    await runBlueprintFile(target, input, options);
    return;
  }
  const { runAgent } = await import('../runs/run-agent.ts');
  await runAgent(target, input, options);
}

async function readInput(given: string | undefined): Promise<JsonObject> {
  if (given === undefined) return {};
  return parseJsonObject(given === '-' ? await readStandardInput() : given, 'The input');
}
