// Runs a file and its translation on the same generated arguments, and says where they differ.
import { isJsonObject, type JsonSchema } from '@pypes/contract';
import { generateCalls } from '../generate/arguments.ts';
import { type Language, languageOf } from '../language.ts';
import { readMetadata } from '../read/metadata.ts';
import type { SourceText } from '../translate.ts';
import { runJavascript } from './javascript.ts';
import { runLispy } from './lispy.ts';
import { runLua } from './lua.ts';
import { compareOutcomes, type Difference, type RunJobs } from './outcome.ts';
import { runPython } from './python.ts';

export type CheckReport = {
  readonly calls: number;
  /** Calls that both answered with the same value. */
  readonly values: number;
  /** Calls that the translation itself refused, or that crossed a limit. */
  readonly refused: number;
  readonly differences: readonly Difference[];
};

const RUNNERS: { readonly [language in Language]: RunJobs } = {
  python: runPython,
  javascript: runJavascript,
  lispy: runLispy,
  lua: runLua,
};

/** @throws PypesError `unavailable` where a language has no runtime here */
export async function checkTranslation(
  source: SourceText,
  target: SourceText,
  options: { readonly calls: number; readonly seed?: number; readonly runners?: Partial<typeof RUNNERS> },
): Promise<CheckReport> {
  const [from, to] = [languageOf(source.filename) ?? 'python', languageOf(target.filename) ?? 'python'];
  const { parameters } = await readMetadata(from, source.filename, source.text);
  const schema: JsonSchema = isJsonObject(parameters) ? parameters : { type: 'object' };
  const calls = generateCalls(schema, options.calls, options.seed ?? 1);
  const runners = { ...RUNNERS, ...options.runners };
  const [[before = []], [after = []]] = await Promise.all([
    runners[from]([{ text: source.text, calls }]),
    runners[to]([{ text: target.text, calls }]),
  ]);
  return { calls: calls.length, ...compareOutcomes(calls, before, after) };
}
