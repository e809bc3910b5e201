// Relates two types kind by kind; the rules of variance stand at the head of relate.ts.
import type { Type } from '../resolved.ts';
import { type OwnKind, optionDepth, type Shape, shapeOf } from '../schema/types.ts';
import { isNumeric } from '../values/numbers.ts';
import { within } from './reasons.ts';
import { type Member, relateMembers } from './relate-members.ts';
import { type Flow, kindWord, type Relate, type Relation, weaker, wordOf } from './relation.ts';
import type { Side } from './side.ts';

/** A type of each side, and what is behind its aliases. */
export type Pair = { readonly was: Shape; readonly is: Shape; readonly a: Type; readonly b: Type };

/** Relates two types that are not one primitive. */
export function relateKinds(relate: Relate, pair: Pair, flow: Flow, path: string): Relation {
  const { was, is, a, b } = pair;
  if (typeof was === 'object' && typeof is === 'object' && kindWord(was.kind) === kindWord(is.kind)) {
    return sameKind(relate, was.kind, is.kind, flow, path, a, b);
  }
  return becameOptional(relate, pair, flow, path) ?? changed(relate, a, b, path);
}

function changed(relate: Relate, a: Type, b: Type, path: string): Relation {
  return relate.note(path, `The type was ${wordOf(relate.old, a)} and is ${wordOf(relate.new, b)}`, true);
}

/** Where a value may be missing now, one that is there still fits; an option of an option is written otherwise. */
function becameOptional(relate: Relate, { was, is, a, b }: Pair, flow: Flow, path: string): Relation | undefined {
  const [target, side] = flow === 'to-new' ? [is, relate.new] : [was, relate.old];
  if (typeof target !== 'object' || typeof target.kind !== 'object' || !('option' in target.kind)) return undefined;
  const payload = target.kind.option;
  if (optionDepth(side.resolved, payload) > 0) return undefined;
  const inner = flow === 'to-new' ? relate.types(a, payload, flow, path) : relate.types(payload, b, flow, path);
  return weaker(
    inner,
    relate.note(path, flow === 'to-new' ? 'It may be missing now' : 'It is always there now', false),
  );
}

function sameKind(relate: Relate, was: OwnKind, is: OwnKind, flow: Flow, path: string, a: Type, b: Type): Relation {
  const part = (old: Type, now: Type, name: string): Relation => relate.types(old, now, flow, within(path, name));
  if (typeof was === 'string' || typeof is === 'string') return resources(relate, a, b, path);
  if ('handle' in was && 'handle' in is) {
    const of = (handle: typeof was.handle): Type => ('own' in handle ? handle.own : handle.borrow);
    return resources(relate, of(was.handle), of(is.handle), path);
  }
  const members = membersOf(was);
  const newMembers = membersOf(is);
  if (members !== undefined && newMembers !== undefined) {
    return relateMembers(relate, kindWord(was), members, newMembers, flow, path);
  }
  if ('option' in was && 'option' in is) return options(relate, was.option, is.option, flow, path, a, b);
  if ('list' in was && 'list' in is) {
    return isNumbers(relate.old, was.list) === isNumbers(relate.new, is.list)
      ? part(was.list, is.list, 'item')
      : changed(relate, a, b, path);
  }
  if ('map' in was && 'map' in is)
    return weaker(part(was.map[0], is.map[0], 'key'), part(was.map[1], is.map[1], 'value'));
  if ('fixed-length-list' in was && 'fixed-length-list' in is) {
    const [[item, length], [newItem, newLength]] = [was['fixed-length-list'], is['fixed-length-list']];
    if (length !== newLength) return relate.note(path, `The length was ${length} and is ${newLength}`, true);
    return part(item, newItem, 'item');
  }
  if ('tuple' in was && 'tuple' in is) return tuples(relate, was.tuple.types, is.tuple.types, flow, path);
  if ('stream' in was && 'stream' in is) return payloads(relate, was.stream, is.stream, flow, path);
  if ('future' in was && 'future' in is) return payloads(relate, was.future, is.future, flow, path);
  return changed(relate, a, b, path);
}

function membersOf(kind: Exclude<OwnKind, string>): readonly Member[] | undefined {
  if ('record' in kind) return kind.record.fields;
  if ('variant' in kind) return kind.variant.cases;
  if ('enum' in kind) return kind.enum.cases.map(({ name }) => ({ name, type: null }));
  if ('flags' in kind) return kind.flags.flags.map(({ name }) => ({ name, type: null }));
  if ('result' in kind)
    return [
      { name: 'ok', type: kind.result.ok },
      { name: 'err', type: kind.result.err },
    ];
  return undefined;
}

/** Lists of numbers are held in typed arrays, and bytes written as base64: no item of another kind fits in there. */
function isNumbers({ resolved }: Side, item: Type): boolean {
  const shape = shapeOf(resolved, item);
  return typeof shape === 'string' && isNumeric(shape);
}

function resources(relate: Relate, a: Type, b: Type, path: string): Relation {
  if (typeof a === 'string' || typeof b === 'string') return changed(relate, a, b, path);
  const [was, is] = [relate.old.resourceName(a), relate.new.resourceName(b)];
  return was === is ? 'same' : relate.note(path, `The resource was ${was} and is ${is}`, true);
}

function options(relate: Relate, was: Type, is: Type, flow: Flow, path: string, a: Type, b: Type): Relation {
  const [wasNested, isNested] = [optionDepth(relate.old.resolved, was) > 0, optionDepth(relate.new.resolved, is) > 0];
  if (wasNested !== isNested) return changed(relate, a, b, path);
  return relate.types(was, is, flow, path);
}

function tuples(relate: Relate, was: readonly Type[], is: readonly Type[], flow: Flow, path: string): Relation {
  if (was.length !== is.length)
    return relate.note(path, `The tuple had ${was.length} parts and has ${is.length}`, true);
  return was.reduce<Relation>(
    (relation, type, index) =>
      weaker(relation, relate.types(type, is[index] as Type, flow, within(path, `part ${index}`))),
    'same',
  );
}

function payloads(relate: Relate, was: Type | null, is: Type | null, flow: Flow, path: string): Relation {
  if (was !== null && is !== null) return relate.types(was, is, flow, within(path, 'item'));
  return was === is ? 'same' : relate.note(path, 'One has items, the other none', true);
}
