/** Running macros at compile time: in an environment of their own, without host functions, within limits. */

import { builtins } from './builtins/index.ts';
import type { Code } from './compiler/code.ts';
import type { Spot } from './compiler/spot.ts';
import type { Expander, GlobalTable, MacroDefinition } from './compiler/unit.ts';
import { LispyError } from './errors.ts';
import type { LispyLimits } from './limits.ts';
import { driveSync } from './machine/drive.ts';
import { Environment } from './machine/environment.ts';
import { Random } from './machine/random.ts';
import { Closure } from './values/procedure.ts';
import type { Value } from './values/value.ts';

/** The compile-time side of a program. What it expands depends on the source only, so programs can be shared. */
export class Expansion implements Expander {
  readonly #table: GlobalTable;
  readonly #predefined: (name: string) => Value | undefined;
  readonly #environment: Environment;
  #stepsLeft: number;
  #filled = 0;

  constructor(table: GlobalTable, predefined: (name: string) => Value | undefined, limits: LispyLimits) {
    this.#table = table;
    this.#predefined = predefined;
    this.#stepsLeft = limits.steps;
    this.#environment = new Environment({
      limits,
      globals: [],
      table,
      random: new Random(0, undefined),
      redefinitions: undefined,
      onOutput: undefined,
      names: () => builtins.keys(),
      grants: new Set(),
    });
  }

  /** Lets macros use a procedure or constant that the program defines at its top. */
  set(index: number, value: Value): void {
    this.#fill();
    this.#environment.globals[index] = value;
  }

  define(name: string, code: Code): MacroDefinition {
    return { name, expander: new Closure(code, []) };
  }

  expand(macro: MacroDefinition, forms: Value[], spot: Spot): Value {
    this.#fill();
    try {
      return driveSync(this.#environment, {}, macro.expander, forms, ({ steps }) => {
        this.#stepsLeft -= steps;
        if (this.#stepsLeft < 0)
          throw new LispyError('limit', 'Limit "steps" reached: macros take too many steps', { limit: 'steps' });
      });
    } catch (error) {
      if (!(error instanceof LispyError) || !error.catchable)
        throw error instanceof LispyError ? error.locate(spot.place()) : error;
      throw new LispyError('macro', `Macro "${macro.name}" failed: ${error.text}`, {
        place: spot.place(),
        cause: error,
      });
    }
  }

  /** Gives builtins to names that were met since the last time. */
  #fill(): void {
    const { globals } = this.#environment;
    for (; this.#filled < this.#table.names.length; this.#filled++) {
      globals[this.#filled] ??= this.#predefined(this.#table.names[this.#filled]!);
    }
  }
}
