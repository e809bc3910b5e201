// Flags of pypes contract: a yes that does not say to what is refused before anything is looked for.
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { checkGiven, parseComponentGrants } from '../contracting/grants.ts';
import { registerContract } from './contract.ts';

const run = (...flags: readonly string[]) => {
  const program = new Command('pypes').exitOverride();
  registerContract(program);
  return program.parseAsync(['contract', 'do', 'something', ...flags], { from: 'user' });
};
const refused = expect.objectContaining({ code: 'invalid_request' });

describe('flags', () => {
  test.each([
    [['--yes']],
    [['--install']],
    [['--run']],
    [['--yes', '--run', '--grant', 'mail.network=smtp.example.com']],
    [['--yes', '--install', '--grant', 'network=smtp.example.com']],
    [['--yes', '--install', '--grant', 'mail.everything=true']],
    [['--out', import.meta.filename]],
    [['--set', 'to', '--no-model']],
  ])('%j are refused', async (flags) => {
    await expect(run(...flags)).rejects.toEqual(refused);
  });
});

describe('grants', () => {
  const needed = [
    { component: 'mail', grants: { network: ['a.example:1', 'b.example'], ai: true } },
    { component: 'clock', grants: {} },
  ] as const;
  const all = ['mail.network=a.example:1,b.example', 'mail.ai=true'];

  test('have to be what is needed, one by one', () => {
    expect(() => checkGiven(needed, parseComponentGrants(all))).not.toThrow();
  });
  test.each([
    [all.slice(0, 1)],
    [['mail.network=a.example:1', 'mail.ai=true']],
    [[...all, 'clock.memory=read']],
    [[...all, 'mail.network=*']],
    [[...all, 'other.ai=true']],
    [[]],
  ])('%j are refused', (texts) => {
    expect(() => checkGiven(needed, parseComponentGrants(texts))).toThrow(refused);
  });
});
