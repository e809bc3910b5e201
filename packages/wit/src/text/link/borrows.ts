// Which types have a borrow in them: such a type can be passed in but never returned.
import type { Type, TypeKind } from '../../resolved.ts';

/** Whether a kind has one, given the answer for all types before it. */
export const containsBorrow = (known: readonly boolean[], kind: TypeKind): boolean => {
  const has = (type: Type | null): boolean => typeof type === 'number' && known[type] === true;
  if (kind === 'resource' || 'flags' in kind || 'enum' in kind) return false;
  if ('handle' in kind) return 'borrow' in kind.handle;
  if ('type' in kind) return has(kind.type);
  if ('record' in kind) return kind.record.fields.some((field) => has(field.type));
  if ('variant' in kind) return kind.variant.cases.some((inner) => has(inner.type));
  if ('tuple' in kind) return kind.tuple.types.some(has);
  if ('option' in kind) return has(kind.option);
  if ('list' in kind) return has(kind.list);
  if ('fixed-length-list' in kind) return has(kind['fixed-length-list'][0]);
  if ('map' in kind) return kind.map.some(has);
  if ('result' in kind) return has(kind.result.ok) || has(kind.result.err);
  return has('future' in kind ? kind.future : kind.stream);
};
