// Shared suite: what a runtime reads from a file, and what it says about one that it cannot read.
import { DEFAULT_LIMITS } from '@pypes/contract';
import { expect } from 'vitest';
import { expectFailure, type Harness, runOnce } from './harness.ts';

export function testMetadata({ test, load, file, lineOf, runtime, noLines }: Harness): void {
  test('reads name, description and parameters', { agents: ['echo'] }, async () => {
    const { metadata } = await load('echo');
    expect(metadata).toMatchObject({
      name: 'echo',
      description: 'Gives back its text',
      parameters: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
    });
  });

  test('keeps examples, returns and keys that it does not know', { agents: ['metadata'] }, async () => {
    const { metadata } = await load('metadata');
    expect(metadata).toMatchObject({
      name: 'rich',
      description: 'Shows all',
      parameters: { type: 'object' },
      returns: { type: 'string' },
      examples: [{ args: { a: 1 }, returns: 'x' }],
      color: 'blue',
    });
  });

  test('says which line of a file cannot be read', { agents: ['syntaxError'] }, async () => {
    const broken = await file('syntaxError', { path: 'tools/syntaxError_agent' });
    const failure = await expectFailure(runtime.load(broken, DEFAULT_LIMITS), 'agent_broken');
    expect(failure).toMatchObject({ details: { file: 'tools/syntaxError_agent' } });
    if (!noLines) expect(failure).toMatchObject({ details: { line: lineOf('syntaxError', 'BROKEN') } });
  });

  test('says that a file has no run', { agents: ['noRun'] }, async () => {
    const failure = await expectFailure(load('noRun'), 'agent_broken');
    expect((failure as Error).message).toMatch(/run/);
  });

  test('is not disturbed by a broken file', { agents: ['noRun', 'types'] }, async () => {
    await expectFailure(load('noRun'), 'agent_broken');
    expect((await runOnce(await load('types'))).output).toMatchObject({ whole: 42 });
  });
}
