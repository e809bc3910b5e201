// The table of commands: whatever the help names is found by its name alone.
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { loadCommands } from './commands.ts';

async function namesOf(args: readonly string[]): Promise<readonly string[]> {
  const program = new Command();
  for (const register of await loadCommands(args)) register(program);
  return program.commands.map((command) => command.name());
}

it('finds every command by its name, and loads little else', async () => {
  const all = await namesOf([]);
  expect(new Set(all).size).toBe(all.length);
  for (const name of all) {
    const found = await namesOf([name]);
    expect(found).toContain(name);
    expect(found.length).toBeLessThan(all.length / 2);
  }
});

it('loads all of them for the help and for mistakes', async () => {
  expect((await namesOf(['--help'])).length).toBe((await namesOf(['instal'])).length);
});
