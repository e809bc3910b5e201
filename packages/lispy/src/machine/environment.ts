/** What all runs of one instance share: globals, limits, output, randomness, and the texts of common errors. */
import type { Redefinitions } from '../compiler/code.ts';
import type { GlobalTable } from '../compiler/unit.ts';
import { LispyError, limitError, type SourcePlace } from '../errors.ts';
import type { LispyLimits } from '../limits.ts';
import { Builtin, type Procedure } from '../values/procedure.ts';
import type { Value } from '../values/value.ts';
import type { Random } from './random.ts';
import { nearest } from './suggest.ts';

/** The state of an instance that its machines share. */
export class Environment {
  readonly limits: LispyLimits;
  readonly globals: (Value | undefined)[];
  readonly random: Random;
  table: GlobalTable;
  redefinitions: Redefinitions | undefined;
  readonly #onOutput: ((text: string) => void) | undefined;
  readonly #names: () => Iterable<string>;
  readonly #grants: { has(name: string): boolean };
  #output: string[] = [];
  #written = 0;
  #named = 0;

  constructor(options: {
    limits: LispyLimits;
    globals: (Value | undefined)[];
    table: GlobalTable;
    random: Random;
    redefinitions: Redefinitions | undefined;
    onOutput: ((text: string) => void) | undefined;
    /** All names that programs can use without defining them. */
    names: () => Iterable<string>;
    /** Host functions that the profile knows; calling one that is absent is a missing grant. */
    grants: { has(name: string): boolean };
  }) {
    this.limits = options.limits;
    this.globals = options.globals;
    this.table = options.table;
    this.random = options.random;
    this.redefinitions = options.redefinitions;
    this.#onOutput = options.onOutput;
    this.#names = options.names;
    this.#grants = options.grants;
  }

  /** Captured output; bounded, because it is kept. */
  write(text: string): void {
    this.#written += text.length;
    if (this.#written > this.limits.output) {
      throw limitError('output', this.limits.output, `output has ${this.#written} characters`);
    }
    this.#output.push(text);
    this.#onOutput?.(text);
  }

  /** Gives the output so far and begins anew. */
  takeOutput(): string {
    const { output } = this;
    this.#output = [];
    this.#written = 0;
    return output;
  }

  /** A number for a generated name. */
  nextName(): number {
    this.#named++;
    return this.#named;
  }

  get output(): string {
    if (this.#output.length > 1) this.#output = [this.#output.join('')];
    return this.#output[0] ?? '';
  }

  unbound(name: string, place: SourcePlace): LispyError {
    if (this.#grants.has(name)) {
      return new LispyError('not-granted', `Host function "${name}" is not granted to this program`, {
        place,
        grant: name,
      });
    }
    // The program's own names first: of two that are equally near, they are meant.
    const own = this.table.names.filter((_, index) => this.globals[index] !== undefined);
    const suggestion = nearest(name, [
      ...own.filter((known) => !(this.globals[this.table.find(known) ?? -1] instanceof Builtin)),
      ...this.#names(),
      ...own,
    ]);
    const hint = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`;
    return new LispyError('unbound', `Unbound name "${name}"${hint}`, {
      place,
      ...(suggestion !== undefined && { suggestion }),
    });
  }

  arity(fn: Procedure, got: number): LispyError {
    const { signature } = fn;
    return new LispyError('arity', `${signature} takes ${wanted(signature)}, got ${got}`, {
      signature,
      expected: wanted(signature),
      got: String(got),
    });
  }
}

/** "2 or 3 arguments", read from a signature. */
const wanted = (signature: string): string => {
  const words = signature.slice(1, -1).split(' ').slice(1);
  const dot = words.indexOf('.');
  const fixed = dot < 0 ? words : words.slice(0, dot);
  const optional = fixed.filter((word) => word.startsWith('[')).length;
  const least = fixed.length - optional;
  if (dot >= 0) return `at least ${plural(least)}`;
  if (optional === 0) return plural(least);
  return optional === 1 ? `${least} or ${plural(fixed.length)}` : `${least} to ${plural(fixed.length)}`;
};

const plural = (count: number): string => (count === 1 ? '1 argument' : `${count} arguments`);
