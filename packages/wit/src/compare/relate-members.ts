// Relates what has named members: fields of records, cases of variants, results and enums, flags.
import type { Type } from '../resolved.ts';
import { optionDepth } from '../schema/types.ts';
import { within } from './reasons.ts';
import { type Flow, type Relate, type Relation, weaker } from './relation.ts';
import type { Side } from './side.ts';

/** A member; null for a case without payload. */
export type Member = { readonly name: string; readonly type: Type | null };

/** Relates the members of two types of one kind. */
export function relateMembers(
  relate: Relate,
  kind: string,
  was: readonly Member[],
  is: readonly Member[],
  flow: Flow,
  path: string,
): Relation {
  const word = WORDS[kind] ?? 'case';
  const now = new Map(is.map((member) => [member.name, member]));
  const before = new Set(was.map(({ name }) => name));
  let relation: Relation = 'same';
  for (const member of was) {
    const other = now.get(member.name);
    const at = within(path, `${word} ${member.name}`);
    const found = other === undefined ? gone(relate, kind, member, flow, at) : kept(relate, member, other, flow, at);
    relation = weaker(relation, found);
  }
  for (const member of is) {
    if (before.has(member.name)) continue;
    relation = weaker(relation, added(relate, kind, member, flow, within(path, `${word} ${member.name}`)));
  }
  if (relation === 'same' && was.some(({ name }, index) => is[index]?.name !== name)) {
    return relate.note(path, `The ${word}s stand in another order`, false);
  }
  return relation;
}

const WORDS: { readonly [kind: string]: string } = { record: 'field', flags: 'flag' };

function kept(relate: Relate, was: Member, is: Member, flow: Flow, path: string): Relation {
  if (was.type !== null && is.type !== null) return relate.types(was.type, is.type, flow, path);
  if (was.type === is.type) return 'same';
  return relate.note(path, was.type === null ? 'It carries a value now' : 'It carries no value any more', true);
}

function gone(relate: Relate, kind: string, member: Member, flow: Flow, path: string): Relation {
  if (kind === 'record') {
    if (flow === 'to-new') return relate.note(path, 'It was removed, and who was written for it still sends it', true);
    const fits = mayBeMissing(relate.old, member);
    return relate.note(path, fits ? 'It is never there any more' : 'It was removed, and is still expected', !fits);
  }
  return flow === 'to-new'
    ? relate.note(path, 'It was removed, and who was written for it still sends it', true)
    : relate.note(path, 'It was removed, so it never arrives any more', false);
}

function added(relate: Relate, kind: string, member: Member, flow: Flow, path: string): Relation {
  if (flow === 'to-old') return relate.note(path, 'It was added, and who was written before does not know it', true);
  if (kind !== 'record') return relate.note(path, 'It was added, and nobody has to send it', false);
  const fits = mayBeMissing(relate.new, member);
  return relate.note(path, fits ? 'It was added and may be missing' : 'It was added, and nobody sends it yet', !fits);
}

function mayBeMissing({ resolved }: Side, { type }: Member): boolean {
  return type !== null && optionDepth(resolved, type) > 0;
}
