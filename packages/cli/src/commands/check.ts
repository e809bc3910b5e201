// pypes check: proves a blueprint before anything runs (spec 4, the ten checks).
import { writeFileSync } from 'node:fs';
import { PypesError } from '@pypes/contract';
import type { Command } from 'commander';
import { EXIT } from '../exit.ts';
import { DEFAULT_ROOT } from '../local.ts';
import { VERSION } from '../version.ts';

type CheckOptions = {
  readonly root: string;
  readonly json?: boolean;
  readonly sarif?: string;
  readonly svg?: string;
};

/** Adds the command. */
export function registerCheck(program: Command): void {
  program
    .command('check')
    .summary('check a blueprint before anything of it runs')
    .description(
      'Checks a blueprint: wires and grants, forbidden pairs, labels, the lethal trifecta, bits, budgets, types, destinations, DLP, narrowing. Nothing of a component runs. Exit code 0 without errors, 2 with them.',
    )
    .argument('<blueprint>', 'agent.toml')
    .option('--root <folder>', 'where packs and skills are kept', DEFAULT_ROOT)
    .option('--sarif <file>', 'write the findings as SARIF')
    .option('--svg <file>', 'write a picture of the graph, with the path of the first error')
    .option('--json', 'as JSON')
    .action(check);
}

async function check(file: string, options: CheckOptions): Promise<void> {
  const { toGraph, toJsonReport, toSarif, toSvg, toText } = await import('@pypes/host/blueprints');
  const { openBlueprint } = await import('../blueprints/open.ts');
  const { blueprint, opened, findings } = await openBlueprint(file, options.root);
  const failed = findings.filter(({ severity }) => severity === 'error');
  if (options.sarif !== undefined) write(options.sarif, `${JSON.stringify(toSarif(findings, VERSION), null, 2)}\n`);
  if (options.svg !== undefined) {
    const drawn = failed.find(({ path }) => path.length > 1) ?? findings.find(({ path }) => path.length > 1);
    write(options.svg, toSvg(toGraph(blueprint, opened.facts), drawn));
  }
  if (options.json === true) {
    const missing = opened.absent.flatMap(({ component, install }) =>
      install === undefined ? [] : [{ component, install: `pypes install ${install}` }],
    );
    const status = failed.length === 0 ? 'ok' : 'error';
    console.log(JSON.stringify({ status, blueprint: blueprint.name, ...toJsonReport(findings), missing }));
  } else console.log(toText(findings));
  if (failed.length > 0) process.exitCode = EXIT.usage;
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new PypesError('invalid_request', `"${path}" cannot be written: ${(error as Error).message}`);
  }
}
