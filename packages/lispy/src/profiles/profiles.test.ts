import { describe, expect, it } from 'vitest';
import { compileProgram, printValue, profiles, rappterbookProposals, withBudgets } from '../index.ts';

describe('mars', () => {
  it.each([
    ['(let (x 1 y 2) (+ x y))', '3'],
    ['(concat "a" 1 "b")', '"a1b"'],
    ['(string 1 2)', '"12"'],
    ['(map (* _ 2) [1 2])', '(2 4)'],
    ['(filter (> _ 1) [1 2])', '(2)'],
    ['(reduce (+ _ _) 0 [1 2 3])', '6'],
    ['(map (lambda (_) 7) [1])', '(7)'],
  ])('%s', (source, expected) => {
    expect(printValue(compileProgram(source, { profile: 'mars' }).instantiate().runSync())).toBe(expected);
  });

  it('prints with log, and log is arithmetic elsewhere', () => {
    const instance = compileProgram('; profile: mars\n(log "sol" 5)').instantiate();
    instance.runSync();
    expect(instance.output).toBe('sol 5\n');
    expect(compileProgram('(log 1)').instantiate().runSync()).toMatchObject({ value: 0 });
  });
});

describe('rappterbook and verse', () => {
  it('name their host functions', () => {
    expect(profiles.get('rappterbook')?.hostFunctions.has('rb-state')).toBe(true);
    expect(rappterbookProposals.has('rb-post')).toBe(true);
  });

  it('say which grant is missing', () => {
    const run = () =>
      compileProgram('(try (llm/ask "?") (catch e (error-code e)))', { profile: 'verse' }).instantiate().runSync();
    expect(run()).toBe('not-granted');
  });

  it('bound calls with budgets', () => {
    const bindings = withBudgets({ 'llm/ask': (question) => `${question}!`, 'act/say': () => true }, { llm: 2 });
    const source = '(list (llm/ask "a") (llm/ask "b") (act/say "x") (try (llm/ask "c") (catch e (error-code e))))';
    expect(printValue(compileProgram(source, { profile: 'verse' }).instantiate({ bindings }).runSync())).toBe(
      '("a!" "b!" #t "host")',
    );
  });
});

describe('choosing', () => {
  it('refuses unknown names', () => {
    expect(() => compileProgram('; profile: venus\n1')).toThrowError(expect.objectContaining({ code: 'syntax' }));
  });

  it('lets the host overrule the source', () => {
    expect(
      compileProgram('; profile: mars\n(log 1)', { profile: profiles.get('verse')! })
        .instantiate()
        .runSync(),
    ).toMatchObject({ value: 0 });
  });
});
