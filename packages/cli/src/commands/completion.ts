// pypes completion: a script that makes a shell complete commands, options, their values, and names of agents.
import { PypesError } from '@pypes/contract';
import type { Command } from 'commander';
import { toBash } from '../completion/bash.ts';
import { describeProgram } from '../completion/describe.ts';
import { toFish } from '../completion/fish.ts';
import { type Tables, toTables } from '../completion/tables.ts';
import { toZsh } from '../completion/zsh.ts';
import { DEFAULT_ROOT, foldersOrDefault, withHost } from '../local.ts';

const SHELLS: { readonly [name: string]: (tables: Tables) => string } = { bash: toBash, zsh: toZsh, fish: toFish };

/** Adds the command; it describes whatever else the program has by the time it runs. */
export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .summary('complete in your shell')
    .description(
      'Prints a script for your shell. For bash: eval "$(pypes completion bash)" in ~/.bashrc; for zsh the same in ~/.zshrc, after compinit; for fish: pypes completion fish > ~/.config/fish/completions/pypes.fish',
    )
    .argument('<shell>', 'bash, zsh or fish')
    .action((wanted: string) => complete(wanted, program));
}

async function complete(wanted: string, program: Command): Promise<void> {
  // What the scripts ask for, not people.
  if (wanted === 'agents' || wanted === 'packs') {
    for (const name of await namesHere(wanted)) console.log(name);
    return;
  }
  const toScript = Object.hasOwn(SHELLS, wanted) ? SHELLS[wanted] : undefined;
  if (toScript === undefined) {
    throw new PypesError('invalid_request', `There is no completion for "${wanted}"; it takes bash, zsh or fish`);
  }
  process.stdout.write(toScript(toTables(describeProgram(program))));
}

function namesHere(wanted: 'agents' | 'packs'): Promise<readonly string[]> {
  return withHost({ folders: foldersOrDefault([]), root: DEFAULT_ROOT }, async (host) => {
    const packs = await host.list();
    if (wanted === 'packs') return packs.map(({ manifest, guid }) => (/\s/.test(manifest.name) ? guid : manifest.name));
    const views = await Promise.all(packs.map(({ catalog }) => catalog.view()));
    // A name with a space would fall apart in the shell; its alias does not.
    return views.flatMap(({ agents }) =>
      [...agents.values()].map(({ name, alias }) => (/\s/.test(name) ? alias : name)),
    );
  });
}
