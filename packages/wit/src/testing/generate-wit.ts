// WIT texts made from a list of numbers, for laws that must hold for every world: each number decides one thing, so that
// a shorter list of smaller numbers is a simpler text and a failing case can be shrunk.

/** A text with its world, and with the packages that it depends on nested in it. */
export type GeneratedWit = { readonly source: string; readonly world: string };

/**
 * A text from decisions; the same decisions give the same text. Most texts are valid, but not all: whether an interface
 * may be exported next to the imports of another is left to those who read it.
 */
export const generateWit = (decisions: readonly number[]): GeneratedWit => {
  const tape = createTape(decisions);
  const dependency = generatePackage(tape, `dep:lib${version(tape)}`, []);
  const main = generatePackage(tape, `gen:main${version(tape)}`, dependency.interfaces);
  // A package names its own interfaces without itself.
  const own = main.interfaces.map((item) => ({ ...item, path: item.local }));
  const worlds = generateWorlds(tape, [...own, ...dependency.interfaces]);
  const source = [
    `package ${main.name};`,
    ...main.texts,
    ...worlds,
    `package ${dependency.name} {`,
    ...dependency.texts,
    '}',
  ].join('\n');
  return { source, world: 'the-world' };
};

type Tape = { readonly below: (count: number) => number; readonly often: () => boolean; readonly fresh: () => number };

const createTape = (decisions: readonly number[]): Tape => {
  let place = 0;
  let names = 0;
  const below = (count: number): number => {
    const decision = decisions[place] ?? 0;
    place += 1;
    return Math.abs(decision) % count;
  };
  const fresh = (): number => {
    names += 1;
    return names;
  };
  return { below, often: () => below(2) === 1, fresh };
};

const pick = <T>(tape: Tape, options: readonly [T, ...T[]]): T => options[tape.below(options.length)] ?? options[0];

const some = <T>(tape: Tape, least: number, most: number, make: (index: number) => T): T[] =>
  Array.from({ length: least + tape.below(most - least + 1) }, (_, index) => make(index));

const version = (tape: Tape): string => pick(tape, ['', '@1.2.3', '@0.2.0', '@0.0.7', '@2.0.0-rc.1', '@1.0.0+b.5']);

/** A type that can be named where something is generated. */
type Known = { readonly name: string; readonly isResource: boolean };
type Scope = { readonly known: Known[] };
type KnownInterface = { readonly path: string; readonly local: string; readonly exports: readonly Known[] };

const PRIMITIVES = [
  'u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64', 'f32', 'f64', 'bool', 'char', 'string', 'error-context',
] as const; // biome-ignore format: one line reads better
const KEYS = ['string', 'u8', 'u64', 's32', 'bool', 'char'] as const;

const typeText = (tape: Tape, scope: Scope, depth: number, borrows: boolean): string => {
  const inner = (): string => typeText(tape, scope, depth - 1, borrows);
  const known = scope.known[scope.known.length === 0 ? 0 : tape.below(scope.known.length)];
  const plain = (): string => pick(tape, PRIMITIVES);
  if (depth <= 0) return plain();
  const makers: readonly [() => string, ...(() => string)[]] = [
    plain,
    () => {
      if (known === undefined) return plain();
      if (!known.isResource) return known.name;
      return borrows && tape.often() ? `borrow<${known.name}>` : pick(tape, [known.name, `own<${known.name}>`]);
    },
    () => `list<${inner()}>`,
    () => `option<${inner()}>`,
    () => pick(tape, ['result', `result<${inner()}>`, `result<_, ${inner()}>`, `result<${inner()}, ${inner()}>`]),
    () => `tuple<${some(tape, 1, 3, inner).join(', ')}>`,
    () => `list<${inner()}, ${1 + tape.below(9)}>`,
    () => `map<${pick(tape, KEYS)}, ${inner()}>`,
    () => (borrows ? plain() : pick(tape, ['stream', `stream<${inner()}>`])),
    () => (borrows ? plain() : pick(tape, ['future', `future<${inner()}>`])),
  ];
  return pick(tape, makers)();
};

const word = (tape: Tape, letter: string): string =>
  pick(tape, [`${letter}a${tape.fresh()}`, `${letter}-x${tape.fresh()}`, `${letter.toUpperCase()}-y${tape.fresh()}`]);

const signature = (tape: Tape, scope: Scope): string => {
  const async = tape.often() ? 'async ' : '';
  const params = some(tape, 0, 3, () => `${word(tape, 'p')}: ${typeText(tape, scope, 2, true)}`);
  const result = tape.often() ? ` -> ${typeText(tape, scope, 2, false)}` : '';
  return `${async}func(${params.join(', ')})${result}`;
};

const TYPE_KEYWORDS = ['%record', '%type', '%list', '%interface', '%constructor'] as const;

/** A declared type, which then is known. */
const declaration = (tape: Tape, scope: Scope): string => {
  const name = tape.below(12) === 11 ? pickUnused(tape, scope) : word(tape, 't');
  const inner = (): string => typeText(tape, scope, 2, false);
  const kind = tape.below(6);
  if (kind === 5) {
    scope.known.push({ name, isResource: true });
    return resource(tape, scope, name);
  }
  const text = [
    () => `type ${name} = ${inner()};`,
    () => `record ${name} { ${some(tape, 1, 4, () => `${word(tape, 'f')}: ${inner()}`).join(', ')} }`,
    () =>
      `variant ${name} { ${some(tape, 1, 4, () => word(tape, 'c') + (tape.often() ? `(${inner()})` : '')).join(', ')} }`,
    () => `enum ${name} { ${some(tape, 1, 5, () => word(tape, 'e')).join(', ')} }`,
    () => `flags ${name} { ${some(tape, 1, 9, () => word(tape, 'g')).join(', ')} }`,
  ][kind]?.();
  scope.known.push({ name, isResource: false });
  return text ?? '';
};

const pickUnused = (tape: Tape, { known }: Scope): string => {
  const name = pick(tape, TYPE_KEYWORDS);
  return known.some((type) => type.name === name) ? word(tape, 't') : name;
};

const resource = (tape: Tape, scope: Scope, name: string): string => {
  const members = some(
    tape,
    0,
    3,
    () => `${word(tape, 'm')}: ${pick(tape, ['', 'static '])}${signature(tape, scope)};`,
  );
  const constructors = tape.often() ? [`constructor(${word(tape, 'p')}: ${typeText(tape, scope, 1, true)});`] : [];
  return `resource ${name} { ${[...constructors, ...members].join(' ')} }`;
};

/** Types of another interface, which then are known, some under another name. */
const uses = (tape: Tape, scope: Scope, others: readonly KnownInterface[], path: (other: KnownInterface) => string) => {
  const other = others[tape.below(others.length + 1)];
  if (other === undefined || other.exports.length === 0) return [];
  const first = tape.below(other.exports.length);
  const used = other.exports.slice(first, first + 1 + tape.below(2)).map((type) => {
    const renamed = tape.often() || scope.known.some(({ name }) => name === type.name);
    const name = renamed ? word(tape, 'u') : type.name;
    scope.known.push({ ...type, name });
    return renamed ? `${type.name} as ${name}` : name;
  });
  return [`use ${path(other)}.{${used.join(', ')}};`];
};

type Generated = {
  readonly name: string;
  readonly texts: readonly string[];
  readonly interfaces: readonly KnownInterface[];
};

const generatePackage = (tape: Tape, name: string, foreign: readonly KnownInterface[]): Generated => {
  const interfaces: KnownInterface[] = [];
  const texts = some(tape, 1, 3, () => {
    const local = word(tape, 'i');
    const [path = '', after] = name.split('@');
    const scope: Scope = { known: [] };
    const body = [
      ...uses(tape, scope, interfaces, (other) => other.local),
      ...uses(tape, scope, foreign, (other) => other.path),
      ...some(tape, 0, 4, () => declaration(tape, scope)),
      ...some(tape, 0, 3, () => `${word(tape, 'f')}: ${signature(tape, scope)};`),
    ];
    interfaces.push({ path: `${path}/${local}${after === undefined ? '' : `@${after}`}`, local, exports: scope.known });
    return `interface ${local} {\n  ${body.join('\n  ')}\n}`;
  });
  return { name, texts, interfaces };
};

const generateWorlds = (tape: Tape, interfaces: readonly KnownInterface[]): string[] => {
  const included = tape.often() ? [worldText(tape, 'included', interfaces, [])] : [];
  const includes = included.length === 0 ? [] : ['include included;'];
  return [...included, worldText(tape, 'the-world', interfaces, includes)];
};

const worldText = (
  tape: Tape,
  name: string,
  interfaces: readonly KnownInterface[],
  includes: readonly string[],
): string => {
  const scope: Scope = { known: [] };
  const taken = new Set<string>();
  const item = (): string => {
    const side = pick(tape, ['import', 'export']);
    const own = word(tape, 'w');
    const known = interfaces[tape.below(interfaces.length)];
    if (known === undefined) return '';
    const key = `${side} ${known.path}`;
    const makers: readonly [() => string, ...(() => string)[]] = [
      () => (taken.has(key) ? '' : `${side} ${taken.add(key) && known.path};`),
      () => `${side} ${own}: ${signature(tape, scope)};`,
      // Only imports get a name of their own: what else a world exports when an export has one, tools do not agree on.
      () => `import ${own}: ${known.path};`,
      () => {
        const inside: Scope = { known: [] };
        const types = some(tape, 0, 2, () => declaration(tape, inside));
        return `${side} ${own}: interface { ${types.join(' ')} ${word(tape, 'f')}: ${signature(tape, inside)}; }`;
      },
    ];
    return pick(tape, makers)();
  };
  const body = [
    ...includes,
    ...uses(tape, scope, interfaces, (other) => other.path),
    ...some(tape, 0, 2, () => declaration(tape, scope)),
    ...some(tape, 1, 4, item),
  ].filter((text) => text !== '');
  return `world ${name} {\n  ${body.join('\n  ')}\n}`;
};
