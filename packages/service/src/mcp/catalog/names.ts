// One name for each tool of many packs: who came first, or chose a guid, decides nothing.
import { isToolSafe } from '@pypes/contract';

/** An agent that wants a name. */
export type Claim = {
  readonly guid: string;
  /** Unique in its pack, and tool-safe. */
  readonly alias: string;
  /** Of a folder of the operator: these come in the operator's order, and before all others. */
  readonly operators: boolean;
};

const LONGEST = 64;
/** Guid tails are taken for their packs alone: nobody else's agent may look like one of theirs. */
const TAILED = /_([0-9a-f]{8}|[0-9a-f]{32})$/;

/**
 * Gives every claim its tool name. A name that only one asks for is its own; operators' folders keep theirs, in their
 * order; of several deployed packs with one name, each gets the beginning of its guid behind it, so that none can take
 * the calls that were meant for another. `reserved` are nobody's.
 */
export function nameTools<T extends Claim>(
  claims: readonly T[],
  reserved: ReadonlySet<string>,
): ReadonlyMap<string, T> {
  const named = new Map<string, T>();
  const rest: T[] = [];
  for (const claim of claims) {
    if (claim.operators && !reserved.has(claim.alias) && !named.has(claim.alias)) named.set(claim.alias, claim);
    else rest.push(claim);
  }
  const wanted = new Map<string, number>();
  for (const { alias } of rest) wanted.set(alias, (wanted.get(alias) ?? 0) + 1);
  const tailed: T[] = [];
  for (const claim of rest) {
    const { alias } = claim;
    const free = !claim.operators && wanted.get(alias) === 1 && !named.has(alias) && !reserved.has(alias);
    if (free && !TAILED.test(alias)) named.set(alias, claim);
    else tailed.push(claim);
  }
  for (const claim of tailed.sort(byGuidAndAlias)) named.set(freeTail(claim, named), claim);
  return new Map([...named].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function freeTail({ alias, guid }: Claim, taken: ReadonlyMap<string, unknown>): string {
  const digits = guid.replaceAll('-', '');
  for (const tail of [digits.slice(0, 8), digits]) {
    const name = `${alias.slice(0, LONGEST - 1 - tail.length)}_${tail}`;
    if (!taken.has(name) && isToolSafe(name)) return name;
  }
  for (let n = 2; ; n++) {
    const name = `${alias.slice(0, LONGEST - digits.length - 6)}_${n}_${digits}`;
    if (!taken.has(name)) return name;
  }
}

function byGuidAndAlias(a: Claim, b: Claim): number {
  if (a.guid !== b.guid) return a.guid < b.guid ? -1 : 1;
  return a.alias < b.alias ? -1 : 1;
}
