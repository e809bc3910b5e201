// Components with what is known of them: permissions that hold, labels of each function, what they share.
import type { Permissions } from '@pypes/contract';
import type { Blueprint, ComponentEntry, FlowLabels } from '../blueprint.ts';
import { suggestion } from '../did-you-mean.ts';
import type { BlueprintFacts, ComponentFacts, FunctionFacts } from '../facts.ts';
import { type Finding, type Mark, type Sends, toFinding, type Where } from '../guard-check.ts';

/** A component of the graph. */
export type Part = {
  readonly name: string;
  readonly entry: ComponentEntry;
  readonly facts: ComponentFacts;
  /** What it may do while the blueprint runs. */
  readonly permissions: Partial<Permissions>;
  readonly isModel: boolean;
  readonly isStateful: boolean;
  readonly isSandboxed: boolean;
  readonly pack: string;
};

/** Looks all components up; one that is not there is a finding. */
export function toParts(blueprint: Blueprint, facts: BlueprintFacts, found: Finding[]): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  for (const [name, entry] of blueprint.components) {
    const known = facts(entry);
    if (known === undefined) {
      const what =
        'path' in entry.reference ? `the file "${entry.reference.path}"` : `the skill "${entry.reference.skill}"`;
      found.push(
        toFinding('PB001', entry.where, `"${name}" cannot be found: nothing is known of ${what}`, {
          repair: {
            text:
              'path' in entry.reference
                ? 'Write the path from the folder of the blueprint'
                : `Install it: pypes install ${entry.reference.skill}`,
          },
        }),
      );
      continue;
    }
    const permissions = effectivePermissions(blueprint, entry, known);
    parts.set(name, {
      name,
      entry,
      facts: known,
      permissions,
      isModel: entry.model || known.model === true || permissions.ai === true,
      isStateful: entry.stateful || known.stateful === true,
      isSandboxed: known.sandboxed ?? 'skill' in entry.reference,
      pack: known.pack ?? name,
    });
  }
  return parts;
}

/**
 * What a component may do in a blueprint: what the blueprint narrows it to, else what [grants] or the lockfile grants.
 * Nothing else, not even memory: what a run may do has to stand somewhere.
 */
export function effectivePermissions(
  blueprint: Blueprint,
  entry: ComponentEntry,
  facts: ComponentFacts,
): Partial<Permissions> {
  return entry.permissions?.value ?? blueprint.grants.get(entry.name)?.permissions ?? facts.granted ?? {};
}

/** A function by its name, or the only one. */
export function findFunction(
  part: Part,
  name: string | undefined,
  where: Where,
  found: Finding[],
): { readonly name: string; readonly facts: FunctionFacts } | undefined {
  const names = Object.keys(part.facts.functions);
  const chosen = name ?? (names.length === 1 ? names[0] : undefined);
  const facts =
    chosen !== undefined && Object.hasOwn(part.facts.functions, chosen) ? part.facts.functions[chosen] : undefined;
  if (chosen !== undefined && facts !== undefined) return { name: chosen, facts };
  const message =
    name === undefined
      ? `"${part.name}" has ${names.length} functions, and none is named; there are ${names.join(', ')}`
      : `"${part.name}" has no function "${name}"${suggestion(name, names)}`;
  found.push(toFinding('PB002', where, message));
  return undefined;
}

/** What a function reads and does, with nothing left open. */
export type FullLabels = {
  readonly reads: readonly Mark[];
  readonly sends: readonly Sends[];
  /** JSON pointers into the arguments. */
  readonly destinations: readonly string[];
  readonly refuses: readonly Mark[];
  readonly fields: { readonly [pointer: string]: readonly Mark[] };
};

/**
 * The labels of a function: its own and those that the blueprint adds. Where nobody says anything, what it may do
 * decides: the network brings untrusted content in and is a way out; what runs without a sandbox can do anything.
 */
export function labelsOf({ entry, facts, permissions, isSandboxed }: Part, name: string): FullLabels {
  const own = facts.functions[name]?.labels ?? facts.labels;
  const added = [entry.labels['*'], entry.labels[name]];
  const all = [own, ...added].filter((labels) => labels !== undefined);
  const network = (permissions.network?.length ?? 0) > 0 || permissions.session?.includes('browser') === true;
  const silent = all.every(({ reads, sends }) => reads === undefined && sends === undefined);
  const guessed: readonly FlowLabels[] = !silent
    ? []
    : !isSandboxed
      ? [{ reads: ['private', 'untrusted'], sends: ['network'] }]
      : network
        ? [{ reads: ['untrusted'], sends: ['network'] }]
        : [];
  const labels = [...all, ...guessed];
  const fields: { [pointer: string]: readonly Mark[] } = {};
  for (const [pointer, marks] of labels.flatMap((item) => Object.entries(item.fields ?? {}))) {
    fields[pointer] = union([...(fields[pointer] ?? []), ...marks.filter(isMark)]);
  }
  return {
    reads: union(labels.flatMap(({ reads = [] }) => reads.filter(isMark))),
    sends: union(labels.flatMap(({ sends = [] }) => sends.filter((item) => item !== 'none'))),
    destinations: union(labels.flatMap(({ destinations = [] }) => destinations.map(toPointer))),
    refuses: union(labels.flatMap(({ refuses = [] }) => refuses)),
    fields,
  };
}

function isMark(read: string): read is Mark {
  return read === 'private' || read === 'untrusted';
}

/** Destinations are names of arguments or JSON pointers. */
function toPointer(name: string): string {
  return name.startsWith('/') ? name : `/${name.replaceAll('~', '~0')}`;
}

function union<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
