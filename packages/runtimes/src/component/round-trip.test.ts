// JSON → component → JSON: generated values of generated types come back as they went, through real components.
import type { Json } from '@pypes/contract';
import { compileValue } from '@pypes/wit/values';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { type Tree, toArena, typeTrees, valuesOf } from '../../../wit/src/values/arbitrary.fixture.ts';
import { buildComponent, PRELUDE } from './testing/build.ts';
import { createHarness } from './testing/harness.ts';

const harness = createHarness();
afterAll(() => harness.close());

const FUNCTIONS = 30;
const LISTS = 12;

/** What the tools of today encode: no maps (several become one), no lists of fixed length. */
function isBuildable(tree: Tree): boolean {
  if (typeof tree === 'string') return true;
  if ('map' in tree || 'fixed' in tree) return false;
  return partsOf(tree).every(isBuildable);
}

function partsOf(tree: Exclude<Tree, string>): readonly Tree[] {
  if ('record' in tree) return tree.record.map(([, type]) => type);
  if ('variant' in tree) return tree.variant.flatMap(([, type]) => type ?? []);
  if ('result' in tree) return tree.result.flatMap((type) => type ?? []);
  if ('option' in tree) return [tree.option];
  if ('list' in tree) return [tree.list];
  if ('tuple' in tree) return tree.tuple;
  return 'alias' in tree ? [tree.alias] : [];
}

/** WIT of a type; what has to have a name is declared first. */
function toWit(tree: Tree, declare: (text: (name: string) => string) => string): string {
  const of = (part: Tree) => toWit(part, declare);
  if (typeof tree === 'string') return tree;
  if ('record' in tree) {
    const fields = tree.record.map(([name, type]) => `%${name}: ${of(type)}`);
    return declare((name) => `record ${name} { ${fields.join(', ')} }`);
  }
  if ('variant' in tree) {
    const cases = tree.variant.map(([name, type]) => `%${name}${type === null ? '' : `(${of(type)})`}`);
    return declare((name) => `variant ${name} { ${cases.join(', ')} }`);
  }
  if ('enum' in tree) return declare((name) => `enum ${name} { ${tree.enum.map((each) => `%${each}`).join(', ')} }`);
  if ('flags' in tree) return declare((name) => `flags ${name} { ${tree.flags.map((each) => `%${each}`).join(', ')} }`);
  if ('option' in tree) return `option<${of(tree.option)}>`;
  if ('list' in tree) return `list<${of(tree.list)}>`;
  if ('tuple' in tree) return `tuple<${tree.tuple.map(of).join(', ')}>`;
  if ('alias' in tree) {
    const type = of(tree.alias);
    return declare((name) => `type ${name} = ${type};`);
  }
  if (!('result' in tree)) throw new Error('No such type is built here');
  const [ok, err] = tree.result.map((side) => (side === null ? undefined : of(side)));
  if (err !== undefined) return `result<${ok ?? '_'}, ${err}>`;
  return ok === undefined ? 'result' : `result<${ok}>`;
}

/** A component that gives back every list of each of the types: lists of anything cross as an address and a length. */
function buildEcho(trees: readonly Tree[]): Promise<Uint8Array> {
  const declared: string[] = [];
  const declare = (text: (name: string) => string) => {
    const name = `d${declared.length}`;
    declared.push(text(name));
    return name;
  };
  const functions = trees.map((tree, index) => {
    const type = toWit(tree, declare);
    return `f${index}: func(x: list<${type}>) -> list<${type}>;`;
  });
  const api = 'trip:echo/api@1.0.0';
  const bodies = trees.map(
    (_, index) =>
      `(func (export "${api}#f${index}") (param i32 i32) (result i32)
         (i32.store (i32.const 16) (local.get 0)) (i32.store (i32.const 20) (local.get 1)) (i32.const 16))`,
  );
  return buildComponent(
    `package trip:echo@1.0.0;\ninterface api {\n${[...declared, ...functions].join('\n')}\n}\nworld echo { export api; }`,
    'echo',
    `(module ${PRELUDE} ${bodies.join('\n')})`,
  );
}

it('comes back as it went', async () => {
  const trees = typeTrees.filter(isBuildable);
  await fc.assert(
    fc.asyncProperty(
      fc.array(trees, { minLength: FUNCTIONS, maxLength: FUNCTIONS }),
      fc.integer(),
      async (all, seed) => {
        const { use } = await harness.load(buildEcho(all));
        for (const [index, tree] of all.entries()) {
          const { resolved, type } = toArena(tree);
          const codec = compileValue(resolved, type);
          const lists = fc.array(valuesOf(resolved, type), { maxLength: 6 });
          for (const values of fc.sample(lists, { numRuns: LISTS, seed })) {
            const given = values.map((value) => codec.toJson(value)) as Json[];
            const x = (isByte(tree) ? toBase64(values as number[]) : given) as Json;
            expect(await use(`f${index}`, { x })).toEqual(JSON.parse(JSON.stringify(x)));
          }
        }
      },
    ),
    { numRuns: 3 },
  );
}, 120_000);

/** By whatever name: a list of them is one text. */
function isByte(tree: Tree): boolean {
  return tree === 'u8' || (typeof tree === 'object' && 'alias' in tree && isByte(tree.alias));
}

/** A list of bytes is one text. */
function toBase64(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString('base64');
}
