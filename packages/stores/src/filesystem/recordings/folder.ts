// Which files of a folder are recordings of calls: one after another within a day, the oldest first.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from '../errors.ts';
import { readLines } from '../lines.ts';

const NAME = /^(\d{4}-\d{2}-\d{2})-(\d{4,9})\.jsonl$/;

/** File names, the oldest first. Empty where the folder is missing. */
export function listRecordings(folder: string): readonly string[] {
  let names: readonly string[] = [];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return names
    .flatMap((name) => {
      const [, day = '', number] = NAME.exec(name) ?? [];
      return number === undefined ? [] : [{ name, day, number: Number(number) }];
    })
    .sort((a, b) => (a.day === b.day ? a.number - b.number : a.day < b.day ? -1 : 1))
    .map(({ name }) => name);
}

/** The newest file of a day; undefined where there is none. */
export function newestOf(day: string, names: readonly string[]): string | undefined {
  return names.findLast((name) => name.startsWith(`${day}-`));
}

/** The file after one of the same day; the first one after none. */
export function nextName(day: string, name: string | undefined): string {
  const number = name === undefined ? 0 : Number(NAME.exec(name)?.[2]);
  return `${day}-${String(number + 1).padStart(4, '0')}.jsonl`;
}

/** The lines of files in a folder, in order. One that a crash cut off is among them. */
export async function* readRecordingLines(folder: string, names: readonly string[]): AsyncGenerator<string> {
  for (const name of names) yield* readLines(join(folder, name));
}
