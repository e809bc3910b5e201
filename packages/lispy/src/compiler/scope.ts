/** Names at compile time: variables, the frames they live in, and which closures hold them. */
import type { MacroDefinition } from './unit.ts';

/** A local variable. It needs a box only where it is both captured and assigned after that. */
export class Variable {
  readonly name: string;
  readonly owner: LambdaScope;
  readonly slot: number;
  captured = false;
  mutated = false;
  /** Whether anything looks at its value. */
  read = false;
  /** Whether its definition comes before everything analysed from now on. */
  initialised: boolean;
  /** The form whose lambda this names, where the frame itself holds the closure. */
  readonly self: object | undefined;

  constructor(name: string, owner: LambdaScope, slot: number, initialised: boolean, self?: object) {
    this.name = name;
    this.owner = owner;
    this.slot = slot;
    this.initialised = initialised;
    this.self = self;
  }

  get boxed(): boolean {
    return this.captured && this.mutated;
  }
}

/** The frame of one procedure: slot 0 holds its closure, then parameters, then locals. */
export class LambdaScope {
  readonly parent: LambdaScope | undefined;
  readonly captures: Variable[] = [];
  readonly #captureIndex = new Map<Variable, number>();
  slots = 1;

  constructor(parent: LambdaScope | undefined) {
    this.parent = parent;
  }

  variable(name: string, initialised = true): Variable {
    return new Variable(name, this, this.slots++, initialised);
  }

  captureIndex(variable: Variable): number {
    const known = this.#captureIndex.get(variable);
    if (known !== undefined) return known;
    this.captures.push(variable);
    this.#captureIndex.set(variable, this.captures.length - 1);
    return this.captures.length - 1;
  }
}

/** A named `let` that is a loop inside its procedure: calls to it in tail position are jumps. */
export class LoopLabel {
  readonly name: string;
  readonly lambda: LambdaScope;
  readonly variables: readonly Variable[];
  /** The form, to remember where the name turned out to be more than a jump target. */
  readonly form: object;
  start = -1;
  destination = 0;

  constructor(name: string, lambda: LambdaScope, variables: readonly Variable[], form: object) {
    this.name = name;
    this.lambda = lambda;
    this.variables = variables;
    this.form = form;
  }
}

export type Binding = Variable | LoopLabel | { readonly macro: MacroDefinition };

/** A lexical scope; `declared` are the names that a body defines. */
export class Scope {
  readonly parent: Scope | undefined;
  readonly names = new Map<string, Binding>();
  readonly declared: Variable[] = [];
  /** Whether `define` defines here rather than further out. */
  readonly body: boolean;

  constructor(parent: Scope | undefined, body = false) {
    this.parent = parent;
    this.body = body;
  }

  find(name: string): Binding | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const found = scope.names.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** Thrown inside the analyser where an optimistic reading of `form` failed; it is read again without it. */
export class Reread {
  readonly form: object;
  constructor(form: object) {
    this.form = form;
  }
}
