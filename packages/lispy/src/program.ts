/** Programs: source text compiled once, run as often as wanted, each time with globals of its own. */

import { Code, type Redefinitions } from './compiler/code.ts';
import { compileForms } from './compiler/compile.ts';
import { sequence } from './compiler/node.ts';
import { LambdaScope } from './compiler/scope.ts';
import { type Settled, settle } from './compiler/settled.ts';
import { GlobalTable, type MacroDefinition, Unit } from './compiler/unit.ts';
import { Expansion } from './expansion.ts';
import { Instance, type InstanceOptions } from './instance.ts';
import { type LispyLimits, withDefaults } from './limits.ts';
import { predefinedIn } from './predefined.ts';
import { profileOf } from './profiles/index.ts';
import type { Profile } from './profiles/profile.ts';
import { type Form, readForms } from './reader/read.ts';
import { Closure } from './values/procedure.ts';
import type { Value } from './values/value.ts';

export type CompileOptions = {
  /** The name for error messages. */
  readonly file?: string;
  /** A dialect; the `; profile:` line of the source is used where this is absent. */
  readonly profile?: Profile | string;
  readonly limits?: Partial<LispyLimits>;
};

/** A compiled program; it holds no values of any run. */
export class Program {
  readonly main: Code;
  readonly profile: Profile | undefined;
  readonly table: GlobalTable;
  readonly macros: ReadonlyMap<string, MacroDefinition>;
  readonly shadowed: ReadonlySet<string>;
  readonly redefined: Redefinitions;
  readonly predefined: (name: string) => Value | undefined;
  /** What is left to evaluate where only its definitions are wanted; undefined: nothing. */
  readonly rest: Code | undefined;
  readonly #settled: Settled | undefined;
  readonly #template: (Value | undefined)[];
  readonly #variants = new Map<string, Redefinitions>();

  constructor(forms: readonly Form[], profile: Profile | undefined, limits: LispyLimits) {
    const predefined = predefinedIn(profile);
    const table = new GlobalTable();
    const expansion = new Expansion(table, predefined, limits);
    const unit = new Unit({
      globals: table,
      macros: new Map(),
      limits,
      expander: expansion,
      predefined,
      placeholders: profile?.placeholders ?? false,
      shadowed: new Set(),
      redefined: new Set(),
    });
    this.main = compileForms(forms, unit, (index, value) => expansion.set(index, value));
    this.#settled = settle([this.main.body], unit);
    this.rest = restOf(this.main, this.#settled);
    this.profile = profile;
    this.table = table;
    this.macros = unit.macros;
    this.shadowed = unit.shadowed;
    this.redefined = unit.redefined;
    this.predefined = predefined;
    this.#template = table.names.map(predefined);
  }

  /** A fresh set of globals: what one run sees and changes is its own. */
  globals(): (Value | undefined)[] {
    return this.#template.slice();
  }

  /** Puts what the program defines into globals of its own, as far as it is the same in every run. */
  define(globals: (Value | undefined)[]): void {
    if (this.#settled !== undefined) for (const [index, value] of this.#settled.values) globals[index] = value;
  }

  /** Whether a procedure looks at one of its parameters; true where that is not known before a run. */
  reads(procedure: string, parameter: number): boolean {
    const index = this.table.find(procedure);
    const value = this.#settled?.values.find(([at]) => at === index)?.[1];
    return !(value instanceof Closure) || value.code.parameters[parameter]?.read !== false;
  }

  /** The builtins that these host functions replace, as the same object for the same names. */
  replacedBy(names: readonly string[]): Redefinitions | undefined {
    const replaced = names.filter((name) => this.predefined(name) !== undefined);
    if (replaced.length === 0) return undefined;
    const key = replaced.sort().join(' ');
    const known = this.#variants.get(key) ?? new Set(replaced);
    this.#variants.set(key, known);
    return known;
  }

  /** Prepares a run. Nothing is evaluated yet. */
  instantiate(options: InstanceOptions = {}): Instance {
    return new Instance(this, options);
  }
}

/**
 * Compiles a program (spec 3). Parse errors, wrong special forms and failing macros are found here.
 *
 * @throws LispyError with file, line and column.
 * @example
 * const program = compileProgram('(define (double x) (* x 2)) (double 21)');
 * program.instantiate().runSync(); // 42
 */
export const compileProgram = (source: string, options: CompileOptions = {}): Program => {
  const limits = withDefaults(options.limits);
  const forms = readForms(source, options.file ?? '<lispy>', limits);
  return new Program(forms, profileOf(options.profile, source), limits);
};

const restOf = (main: Code, settled: Settled | undefined): Code | undefined => {
  if (settled === undefined) return main;
  const { rest } = settled;
  return rest.length === 0
    ? undefined
    : new Code('', [], false, new LambdaScope(undefined), sequence(rest), main.spot, new Set());
};
