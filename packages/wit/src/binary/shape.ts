// The shape of a value type with its inner types left open, so that one description serves three times: inner types as
// indices of the binary, as evaluated nodes, and as ids of the resolved WIT (where a shape is a `TypeKind`).

/** A value type whose inner types are `I`. */
export type Shape<I> =
  | { readonly record: { readonly fields: readonly { readonly name: string; readonly type: I }[] } }
  | { readonly variant: { readonly cases: readonly { readonly name: string; readonly type: I | null }[] } }
  | { readonly flags: { readonly flags: readonly { readonly name: string }[] } }
  | { readonly enum: { readonly cases: readonly { readonly name: string }[] } }
  | { readonly tuple: { readonly types: readonly I[] } }
  | { readonly option: I }
  | { readonly result: { readonly ok: I | null; readonly err: I | null } }
  | { readonly list: I }
  | { readonly map: readonly [I, I] }
  | { readonly 'fixed-length-list': readonly [I, number] }
  | { readonly future: I | null }
  | { readonly stream: I | null }
  | { readonly handle: { readonly own: I } | { readonly borrow: I } }
  | { readonly type: I };

/** The same shape with every inner type replaced. */
export const mapShape = <A, B>(shape: Shape<A>, change: (inner: A) => B): Shape<B> => {
  const maybe = (inner: A | null): B | null => (inner === null ? null : change(inner));
  if ('record' in shape) {
    return { record: { fields: shape.record.fields.map(({ name, type }) => ({ name, type: change(type) })) } };
  }
  if ('variant' in shape) {
    return { variant: { cases: shape.variant.cases.map(({ name, type }) => ({ name, type: maybe(type) })) } };
  }
  if ('flags' in shape) return { flags: { flags: shape.flags.flags.map(({ name }) => ({ name })) } };
  if ('enum' in shape) return { enum: { cases: shape.enum.cases.map(({ name }) => ({ name })) } };
  if ('tuple' in shape) return { tuple: { types: shape.tuple.types.map(change) } };
  if ('option' in shape) return { option: change(shape.option) };
  if ('result' in shape) return { result: { ok: maybe(shape.result.ok), err: maybe(shape.result.err) } };
  if ('list' in shape) return { list: change(shape.list) };
  if ('map' in shape) return { map: [change(shape.map[0]), change(shape.map[1])] };
  if ('fixed-length-list' in shape) {
    const [item, length] = shape['fixed-length-list'];
    return { 'fixed-length-list': [change(item), length] };
  }
  if ('future' in shape) return { future: maybe(shape.future) };
  if ('stream' in shape) return { stream: maybe(shape.stream) };
  if ('handle' in shape) {
    const { handle } = shape;
    return 'own' in handle ? { handle: { own: change(handle.own) } } : { handle: { borrow: change(handle.borrow) } };
  }
  return { type: change(shape.type) };
};

/** The inner types, in order. */
export const innerTypes = <A>(shape: Shape<A>): A[] => {
  const inner: A[] = [];
  mapShape(shape, (type) => inner.push(type));
  return inner;
};

/** How many parts a shape has itself: what it costs to copy. */
export const partsOf = <A>(shape: Shape<A>): number => {
  if ('flags' in shape) return shape.flags.flags.length;
  if ('enum' in shape) return shape.enum.cases.length;
  return 1 + innerTypes(shape).length;
};

/** Everything of a shape but its inner types, as text: equal exactly if two shapes differ in nothing else. */
export const outline = <A>(shape: Shape<A>): string => JSON.stringify(mapShape(shape, () => 0));

/** Whether WIT lets such a type stand without a name. */
export const mayBeAnonymous = <A>(shape: Shape<A>): boolean =>
  !('record' in shape || 'variant' in shape || 'flags' in shape || 'enum' in shape);
