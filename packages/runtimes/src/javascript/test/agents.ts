// What the tests of this runtime share: a loaded agent from its text, and the number of threads of this process.
import { readdirSync } from 'node:fs';
import { DEFAULT_LIMITS, type Limits, type LoadedAgent, type Runtime, type SourceFile } from '@pypes/contract';
import { onTestFinished } from 'vitest';
import { sourceFile } from '../../testing/source-file.ts';
import { createJavascriptRuntime, type JavascriptOptions } from '../index.ts';

/** A runtime that is closed when the test ends. */
export function createRuntime(options: JavascriptOptions = {}): Runtime {
  const runtime = createJavascriptRuntime(options);
  onTestFinished(() => runtime.close());
  return runtime;
}

/** `text` is the file without AGENT. */
export async function loadAgent(
  runtime: Runtime,
  text: string,
  limits: Partial<Limits> = {},
  file: Partial<SourceFile> = {},
): Promise<LoadedAgent> {
  const source = sourceFile('test_agent.js', `export const AGENT = { name: 'test' };\n${text}`, file);
  const [agent] = await runtime.load(source, { ...DEFAULT_LIMITS, ...limits });
  return agent as LoadedAgent;
}

export function countThreads(): number {
  return readdirSync('/proc/self/task').length;
}

export async function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
