// One schema becomes one check: every part is compiled once, when a check first leads to it.
import type { Json, JsonObject } from '@pypes/contract';
import type { Draft } from './draft.ts';
import { anyKeywords } from './keywords/any.ts';
import { arrayKeywords } from './keywords/array.ts';
import { numberKeywords } from './keywords/number.ts';
import { objectKeywords } from './keywords/object.ts';
import { stringKeywords } from './keywords/string.ts';
import { checkTypes } from './keywords/type.ts';
import { createMarks, mergeMarks } from './marks.ts';
import { indexReferences, type References, type Resource } from './references.ts';
import { enter, fail, type Run } from './run.ts';

/** Whether a value satisfies a part of the schema; what does not is told to the run. */
export type Check<Value = Json> = (value: Value, run: Run) => boolean;

/** What a keyword needs to become a check. */
export type Compilation = {
  readonly draft: Draft;
  readonly references: References;
  readonly root: Check;
  /** The check of a part, whose references are read in this resource unless it has one of its own. */
  part(schema: Json | undefined, within: Resource): Check;
};

/** The keywords of one part of the schema. */
export type Part = { readonly schema: JsonObject; readonly resource: Resource; readonly compilation: Compilation };

/** @throws Error where the schema cannot be used, with the reason */
export function createCompilation(schema: JsonObject, draft: Draft): Compilation {
  const references = indexReferences(schema);
  const compiled = new Map<JsonObject, { check: Check | undefined }>();
  const compilation: Compilation = {
    draft,
    references,
    root: (value, run) => root(value, run),
    part(part, within) {
      if (part === true) return always;
      if (part === false) return never;
      const object = part as JsonObject;
      const known = compiled.get(object);
      // A part that leads to itself is still being compiled: it is found when it is first used.
      if (known !== undefined) return known.check ?? ((value, run) => known.check?.(value, run) ?? true);
      const entry: { check: Check | undefined } = { check: undefined };
      compiled.set(object, entry);
      const resource = references.resourceOf(object) ?? within;
      entry.check = compilePart({ schema: object, resource, compilation });
      return entry.check;
    },
  };
  const root = compilation.part(schema, references.document);
  return compilation;
}

const always: Check = () => true;
const never: Check = (_value, run) => fail(run, () => 'must not be there');

function compilePart(part: Part): Check {
  const types = checkTypes(part.schema);
  const any = anyKeywords(part);
  const number = numberKeywords(part);
  const string = stringKeywords(part);
  const array = arrayKeywords(part);
  const object = objectKeywords(part);
  const check: Check = (value, run) => {
    enter(run);
    let valid = types === undefined || types(value, run);
    if (valid || run.reporting) {
      valid = all(any, value, run) && valid;
      if (typeof value === 'string') valid = all(string, value, run) && valid;
      else if (typeof value === 'number') valid = (!Number.isFinite(value) || all(number, value, run)) && valid;
      else if (Array.isArray(value)) valid = all(array, value as readonly Json[], run) && valid;
      else if (typeof value === 'object' && value !== null) valid = all(object, value as JsonObject, run) && valid;
    }
    run.depth -= 1;
    return valid;
  };
  const { unevaluatedItems, unevaluatedProperties } = part.schema;
  const sees = part.compilation.draft === 2020 && (unevaluatedItems ?? unevaluatedProperties) !== undefined;
  const marked = sees ? withOwnMarks(check) : check;
  return part.compilation.references.dynamic ? inScope(marked, part.resource) : marked;
}

/** Every violation where someone reads them; else the first one ends it. */
function all<Value>(checks: readonly Check<Value>[], value: Value, run: Run): boolean {
  let valid = true;
  for (const check of checks) {
    if (check(value, run)) continue;
    if (!run.reporting) return false;
    valid = false;
  }
  return valid;
}

/** `unevaluated…` sees what its own part evaluated, not what stands beside it; its part's marks are then seen there. */
function withOwnMarks(check: Check): Check {
  return (value, run) => {
    const outer = run.marks;
    const own = createMarks();
    run.marks = own;
    const valid = check(value, run);
    run.marks = outer;
    if (outer !== undefined && valid) mergeMarks(outer, own);
    return valid;
  };
}

function inScope(check: Check, resource: Resource): Check {
  return (value, run) => {
    run.scope.push(resource);
    const valid = check(value, run);
    run.scope.pop();
    return valid;
  };
}
