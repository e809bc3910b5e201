// Runs programs and their translations on the same generated arguments.
import { isPypesError, type JsonObject, type JsonSchema } from '@pypes/contract';
import { runJavascript } from '../check/javascript.ts';
import { runLispy } from '../check/lispy.ts';
import { runLuaOn } from '../check/lua.ts';
import { compareOutcomes, type Job, type RunJobs } from '../check/outcome.ts';
import { runPython } from '../check/python.ts';
import { generateCalls } from '../generate/arguments.ts';
import { type Language, languageOf } from '../language.ts';
import { readMetadata } from '../read/metadata.ts';
import { type SourceText, translate } from '../translate.ts';
import { wasmoon } from './lua.fixture.ts';

export const RUNNERS: { readonly [language in Language]: RunJobs } = {
  python: runPython,
  javascript: runJavascript,
  lispy: runLispy,
  lua: runLuaOn(wasmoon),
};
export const LANGUAGES: readonly Language[] = ['python', 'javascript', 'lispy', 'lua'];

export type Agreement = {
  readonly file: string;
  readonly differences: readonly unknown[];
  /** How many calls gave the same value, the same failure, and how many the translation refused. */
  readonly values: number;
  readonly errors: number;
  readonly refused: number;
};

type Pair = { readonly source: SourceText; readonly calls: readonly JsonObject[]; readonly text: string };

/**
 * Each program against its translations, on `count` calls, as one list for each target; programs that do not translate
 * are left out.
 */
export async function differ(
  sources: readonly SourceText[],
  targets: readonly Language[],
  count: number,
  seed = 42,
): Promise<readonly (readonly Agreement[])[]> {
  const from = languageOf(sources[0]?.filename ?? '') as Language;
  const jobs: Job[] = [];
  for (const { filename, text } of sources) {
    const { parameters } = await readMetadata(from, filename, text);
    jobs.push({ text, calls: generateCalls(parameters as JsonSchema, count, seed) });
  }
  const before = await RUNNERS[from](jobs);
  const results: (readonly Agreement[])[] = [];
  for (const to of targets) {
    const pairs: (Pair & { readonly index: number })[] = [];
    for (const [index, source] of sources.entries()) {
      const text = await translation(source, to);
      if (text !== undefined) pairs.push({ source, calls: jobs[index]?.calls ?? [], text, index });
    }
    const after = await RUNNERS[to](pairs);
    results.push(
      pairs.map(({ source, calls, index }, at) => {
        const { differences, refused, values } = compareOutcomes(calls, before[index] ?? [], after[at] ?? []);
        const errors = count - refused - values;
        return { file: source.filename, differences: differences.slice(0, 3), values, refused, errors };
      }),
    );
  }
  return results;
}

async function translation(source: SourceText, to: Language): Promise<string | undefined> {
  try {
    return (await translate({ ...source, to })).text;
  } catch (error) {
    if (isPypesError(error) && error.code === 'unsupported') return undefined;
    throw error;
  }
}
