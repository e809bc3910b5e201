/** What the analyser knows while it reads one program: its globals, its macros, and what it has spent. */
import { limitError } from '../errors.ts';
import type { LispyLimits } from '../limits.ts';
import type { Procedure } from '../values/procedure.ts';
import type { Value } from '../values/value.ts';
import type { Code } from './code.ts';
import type { Spot } from './spot.ts';

/** A macro: a procedure from forms to a form. */
export type MacroDefinition = { readonly name: string; readonly expander: Procedure };

/** The names of globals and their numbers; instances hold the values. */
export class GlobalTable {
  readonly #indexes: Map<string, number>;
  readonly names: string[];

  constructor(from?: GlobalTable) {
    this.names = from ? [...from.names] : [];
    this.#indexes = new Map(this.names.map((name, index) => [name, index]));
  }

  index(name: string): number {
    const known = this.#indexes.get(name);
    if (known !== undefined) return known;
    this.names.push(name);
    this.#indexes.set(name, this.names.length - 1);
    return this.names.length - 1;
  }

  find(name: string): number | undefined {
    return this.#indexes.get(name);
  }

  /** A nameless global: the place of a literal's copy. */
  anonymous(): number {
    this.names.push('');
    return this.names.length - 1;
  }
}

/** Makes and runs macros; given by the program so that the compiler needs no machine. */
export interface Expander {
  define(name: string, code: Code, unit: Unit): MacroDefinition;
  expand(macro: MacroDefinition, forms: Value[], spot: Spot): Value;
}

/** Deeper forms than this come from macros only; the native stack must not carry them. */
const deepest = 500;

/** The state of compiling one program or one line of a REPL. */
export class Unit {
  readonly globals: GlobalTable;
  readonly macros: Map<string, MacroDefinition>;
  readonly limits: LispyLimits;
  readonly expander: Expander;
  /** Names that a profile or a builtin gives a meaning. */
  readonly predefined: (name: string) => Value | undefined;
  /** Whether `_` in the arguments of map, filter and reduce makes a lambda (profile mars). */
  readonly placeholders: boolean;
  /** Special forms that the program took for its own procedures. */
  readonly shadowed: Set<string>;
  /** Builtins that the program defines or assigns. */
  readonly redefined: Set<string>;
  /** Forms that must be read without an optimistic assumption. */
  readonly reread = new WeakSet<object>();
  readonly codes: Code[] = [];
  /** Globals whose value anything looks at. */
  readonly read = new Set<number>();
  depth = 0;
  #spent = 0;

  constructor(options: {
    globals: GlobalTable;
    macros: Map<string, MacroDefinition>;
    limits: LispyLimits;
    expander: Expander;
    predefined: (name: string) => Value | undefined;
    placeholders: boolean;
    shadowed: Set<string>;
    redefined: Set<string>;
  }) {
    this.globals = options.globals;
    this.macros = options.macros;
    this.limits = options.limits;
    this.expander = options.expander;
    this.predefined = options.predefined;
    this.placeholders = options.placeholders;
    this.shadowed = options.shadowed;
    this.redefined = options.redefined;
  }

  /** Goes deeper by one form, or less for the clauses of one form; the native stack bounds how deep. */
  nest(levels: number, spot: Spot): void {
    this.depth += levels;
    if (this.depth > deepest) throw limitError('program', deepest, 'forms nested too deep').locate(spot.place());
  }

  /** Pays for one form; keeps macros from growing a program without end. */
  spend(spot: Spot): void {
    if (++this.#spent > this.limits.program) {
      throw limitError('program', this.limits.program, 'program has too many forms').locate(spot.place());
    }
  }
}
