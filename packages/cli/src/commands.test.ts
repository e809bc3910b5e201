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
  // Completion says what all of them take.
  for (const name of all.filter((each) => each !== 'completion')) {
    const found = await namesOf([name]);
    expect(found).toContain(name);
    expect(found.length).toBeLessThan(all.length / 2);
  }
});

it('loads all of them for the help, for mistakes and for completion', async () => {
  const all = await namesOf(['--help']);
  expect(await namesOf(['instal'])).toEqual(all);
  expect(await namesOf(['completion'])).toEqual(all);
});
