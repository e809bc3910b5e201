// Compares two worlds: may the second take the place of the first (spec 4)?
import { compareFunctions, type Role } from './functions.ts';
import { compareInterfaces, compareNamedTypes } from './interfaces.ts';
import { type Comparison, type Reason, toComparison, within } from './reasons.ts';
import { createRelate } from './relate.ts';
import type { Relate } from './relation.ts';
import { type Item, isTypesOnly, sideOf, type WorldOf } from './side.ts';
import { satisfies, splitVersion } from './version.ts';

/**
 * Compares two worlds by structure: the order of arenas, docs, the names of worlds and of aliases do not count. Each
 * reason says where and what, and whether it breaks who used the first.
 *
 * @example
 * compareWorlds({ resolved: v1, world: 0 }, { resolved: v2, world: 0 }).verdict; // 'compatible'
 */
export function compareWorlds(a: WorldOf, b: WorldOf): Comparison {
  const [old, now] = [sideOf(a), sideOf(b)];
  const reasons: Reason[] = [];
  const relate = createRelate(old, now, reasons);
  const later: (() => void)[] = [];
  compareItems(relate, old.exports, now.exports, 'offered', later);
  compareItems(relate, old.imports, now.imports, 'needed', later);
  const firm = reasons.length;
  for (const compare of later) compare();
  // What no function uses breaks nobody.
  return toComparison(reasons.map((reason, index) => (index < firm ? reason : { ...reason, breaking: false })));
}

function compareItems(
  relate: Relate,
  was: readonly Item[],
  is: readonly Item[],
  role: Role,
  later: (() => void)[],
): void {
  const word = role === 'offered' ? 'export' : 'import';
  const matched = new Set<Item>();
  for (const item of was) {
    const path = `${word} ${item.name}`;
    const other = findPartner(item, is, role);
    if (other === undefined) {
      const hint = role === 'offered' ? otherVersion(item, is) : '';
      const breaking = role === 'offered' && isNeeded(relate.old, item);
      relate.note(path, role === 'offered' ? `It was removed${hint}` : 'It is not imported any more', breaking);
      continue;
    }
    matched.add(other);
    if (other.name !== item.name) relate.note(path, `It is ${other.name} now`, false);
    compareItem(relate, item, other, role, path, later);
  }
  for (const item of is) {
    if (matched.has(item)) continue;
    const hint = role === 'needed' ? otherVersion(item, was) : '';
    const breaking = role === 'needed' && isNeeded(relate.new, item);
    relate.note(
      `${word} ${item.name}`,
      role === 'needed' ? `It has to be supplied now${hint}` : 'It was added',
      breaking,
    );
  }
}

function compareItem(relate: Relate, item: Item, other: Item, role: Role, path: string, later: (() => void)[]): void {
  if ('function' in item && 'function' in other) compareFunctions(relate, item.function, other.function, role, path);
  else if ('interface' in item && 'interface' in other) {
    compareInterfaces(relate, item.interface, other.interface, role, path);
    later.push(() => compareNamedTypes(relate, item.interface, other.interface, path));
  } else if ('type' in item && 'type' in other) {
    later.push(() => {
      if (!relate.knows(item.type, other.type)) relate.types(item.type, other.type, 'to-old', path);
    });
  } else relate.note(within(path, 'kind'), 'It is another kind of thing now', true);
}

/** The same name, or else another release that can stand for it: who offers may be newer, who needs may be older. */
function findPartner(item: Item, others: readonly Item[], role: Role): Item | undefined {
  const exact = others.find(({ name }) => name === item.name);
  if (exact !== undefined) return exact;
  const { base, version } = splitVersion(item.name);
  return others.find(({ name }) => {
    const other = splitVersion(name);
    if (other.base !== base) return false;
    return role === 'offered' ? satisfies(other.version, version) : satisfies(version, other.version);
  });
}

function otherVersion(item: Item, others: readonly Item[]): string {
  const { base } = splitVersion(item.name);
  const other = others.find(({ name }) => splitVersion(name).base === base);
  return other === undefined ? '' : `; ${other.name} does not stand for it`;
}

/** A type that is no resource, and an interface of such, ask nobody for anything. */
function isNeeded({ resolved }: Relate['old'], item: Item): boolean {
  if ('type' in item) return resolved.types[item.type]?.kind === 'resource';
  return 'function' in item || !isTypesOnly(resolved, item.interface);
}
