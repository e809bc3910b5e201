/** Instances: one program with globals, output, randomness and limits of its own. */
import { evaluateIn } from './evaluate.ts';
import { type HostFunction, hostProcedure } from './host-function.ts';
import { type LispyLimits, withDefaults } from './limits.ts';
import { drive, driveSync, type RunStatistics, type Schedule } from './machine/drive.ts';
import { Environment } from './machine/environment.ts';
import { Random } from './machine/random.ts';
import { predefinedNames } from './predefined.ts';
import type { Program } from './program.ts';
import { Closure } from './values/procedure.ts';
import type { Value } from './values/value.ts';

export type InstanceOptions = Schedule & {
  /** Granted host functions by the names that programs call them with. */
  readonly bindings?: Readonly<Record<string, HostFunction>>;
  readonly limits?: Partial<LispyLimits>;
  /** Start of the random numbers; the same seed gives the same numbers. */
  readonly seed?: number;
  /** Real randomness in [0, 1), where the host grants it. */
  readonly entropy?: () => number;
  /** Told about output as it is written; it is captured in `output` as well. */
  readonly onOutput?: (text: string) => void;
};

const none: readonly string[] = [];

/**
 * One isolated run of a program and what follows it: calls of its procedures, further source. Limits hold for each
 * `run`, `call` and `evaluate` anew.
 */
export class Instance {
  readonly program: Program;
  readonly environment: Environment;
  readonly grants: ReadonlyMap<string, HostFunction>;
  readonly #schedule: Schedule;
  #used: RunStatistics = { steps: 0, memory: 0 };

  constructor(program: Program, options: InstanceOptions) {
    this.program = program;
    this.#schedule = options;
    const globals = program.globals();
    const names = options.bindings ? Object.keys(options.bindings) : none;
    this.grants = options.bindings ? new Map(Object.entries(options.bindings)) : noGrants;
    for (const name of names) {
      const index = program.table.find(name);
      if (index !== undefined) globals[index] = hostProcedure(name, options.bindings![name]!);
    }
    this.environment = new Environment({
      limits: withDefaults(options.limits),
      globals,
      table: program.table,
      random: new Random(options.seed ?? 1, options.entropy),
      redefinitions: names.length === 0 ? undefined : program.replacedBy(names),
      onOutput: options.onOutput,
      names: () => [...predefinedNames(program.profile), ...names],
      grants: program.profile?.hostFunctions ?? noHostFunctions,
    });
  }

  /** Evaluates the program; a promise only where it takes longer than one slice or waits for a host function. */
  run(): Value | Promise<Value> {
    return this.call(new Closure(this.program.main, []), []);
  }

  /**
   * Evaluates the program for what it defines, so that its procedures can be called. What is the same in every run is
   * put in its place without being evaluated: a program that only defines things is there at once.
   */
  load(): undefined | Value | Promise<Value> {
    const { rest } = this.program;
    this.program.define(this.environment.globals);
    return rest === undefined ? undefined : this.call(new Closure(rest, []), []);
  }

  /** Evaluates the program without ever giving way. */
  runSync(): Value {
    return this.callSync(new Closure(this.program.main, []), []);
  }

  /** The value of a global, or `undefined`. */
  get(name: string): Value | undefined {
    const index = this.environment.table.find(name);
    return index === undefined ? undefined : this.environment.globals[index];
  }

  /** Calls a procedure of this instance. */
  call(fn: Value, args: Value[]): Value | Promise<Value> {
    return drive(this.environment, this.#schedule, fn, args, this.#report);
  }

  callSync(fn: Value, args: Value[]): Value {
    return driveSync(this.environment, this.#schedule, fn, args, this.#report);
  }

  /** Evaluates more source with the definitions made so far, as a REPL does. */
  evaluate(source: string, file = '<repl>'): Value | Promise<Value> {
    return this.call(evaluateIn(this, source, file), []);
  }

  evaluateSync(source: string, file = '<repl>'): Value {
    return this.callSync(evaluateIn(this, source, file), []);
  }

  /** Everything displayed so far. */
  get output(): string {
    return this.environment.output;
  }

  /** Gives the output so far and begins anew, with the whole limit again; for REPLs that show it line by line. */
  takeOutput(): string {
    return this.environment.takeOutput();
  }

  /** Steps of the last run, call or evaluation that ended. */
  get steps(): number {
    return this.#used.steps;
  }

  /** Estimated bytes that it allocated. */
  get memory(): number {
    return this.#used.memory;
  }

  readonly #report = ({ steps, memory }: RunStatistics): void => {
    this.#used = { steps, memory };
  };
}

const noGrants: ReadonlyMap<string, HostFunction> = new Map();
const noHostFunctions: ReadonlyMap<string, { readonly signature: string; readonly doc: string }> = new Map();
