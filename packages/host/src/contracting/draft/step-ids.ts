// Ids of steps: names that templates can use, each one once.
import { wordsOf } from '../words/stem.ts';

/** Words that mean something else in templates. */
const TAKEN = ['input', 'item', 'index', 'and', 'or', 'not', 'in', 'true', 'false', 'null'];
const LONGEST = 48;

/** Gives each step an id made of one of the names. */
export function createIds(): (...names: readonly string[]) => string {
  const used = new Set(TAKEN);
  return (...names) => {
    const wanted = names.map(toId).filter((id) => id !== '');
    const free = wanted.find((id) => !used.has(id)) ?? numbered(wanted[0] ?? 'step', used);
    used.add(free);
    return free;
  };
}

function toId(name: string): string {
  const words = wordsOf(name.normalize('NFKD'))
    .map((word) => word.replace(/[^a-z0-9]/g, ''))
    .filter((word) => word !== '');
  return words
    .join('-')
    .replace(/^[^a-z]+/, '')
    .slice(0, LONGEST)
    .replace(/-+$/, '');
}

function numbered(id: string, used: ReadonlySet<string>): string {
  let count = 2;
  while (used.has(`${id}-${count}`)) count++;
  return `${id}-${count}`;
}
