// The intermediate form: a small strict language whose operations each have one meaning, whatever the target.
//
// Values: null, undefined (JavaScript's alone), booleans, integers of any size, floats, texts of Unicode characters,
// mutable lists, ordered dictionaries with keys that are texts or integers, functions of a fixed number of arguments.
// What an operation of a source language means is said in semantics/*.core, in terms of primitives that every target
// has by hand (write/*/prelude.*).

export type Expr =
  | { readonly kind: 'null' | 'undefined' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'list'; readonly items: readonly Expr[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [Expr, Expr])[] }
  | { readonly kind: 'name'; readonly name: string }
  /** A primitive, without its `$`. */
  | { readonly kind: 'prim'; readonly name: string; readonly args: readonly Expr[] }
  /** A function at the top of the program, by name. */
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expr[] }
  /** A function value. */
  | { readonly kind: 'apply'; readonly fn: Expr; readonly args: readonly Expr[] }
  /** A function at the top of the program, as a value. */
  | { readonly kind: 'function'; readonly name: string; readonly arity: number }
  | { readonly kind: 'lambda'; readonly params: readonly string[]; readonly body: readonly Stmt[] }
  /** Both sides are booleans. */
  | { readonly kind: 'and' | 'or'; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'not'; readonly value: Expr }
  /** The test is a boolean. */
  | { readonly kind: 'choose'; readonly test: Expr; readonly yes: Expr; readonly no: Expr };

export type Stmt =
  /** A new variable of the enclosing block. */
  | { readonly kind: 'let'; readonly name: string; readonly value: Expr }
  | { readonly kind: 'set'; readonly name: string; readonly value: Expr }
  | { readonly kind: 'do'; readonly value: Expr }
  | { readonly kind: 'if'; readonly test: Expr; readonly yes: readonly Stmt[]; readonly no: readonly Stmt[] }
  /** `step` runs after each turn, also after `continue`. */
  | { readonly kind: 'while'; readonly test: Expr; readonly body: readonly Stmt[]; readonly step: readonly Stmt[] }
  | { readonly kind: 'break' | 'continue' }
  | { readonly kind: 'return'; readonly value: Expr }
  /** Ends the call with an error; the value is its text. */
  | { readonly kind: 'fail'; readonly value: Expr };

export type Func = { readonly name: string; readonly params: readonly string[]; readonly body: readonly Stmt[] };

/** One parameter of `run`. */
export type RunParameter = {
  /** As callers say it. */
  readonly key: string;
  /** The variable inside. */
  readonly name: string;
  /** What an argument that is not given becomes; undefined: its absence is an error. */
  readonly fallback: Expr | undefined;
  /** Whether that default stands in the source, so that the target's own signature can show it. */
  readonly shown: boolean;
};

/** A whole agent. */
export type Program = {
  readonly metadata: { readonly [key: string]: import('@pypes/contract').Json };
  /** The source's semantics: names the functions `<prefix>_in` and `<prefix>_out` of its core file. */
  readonly prefix: string;
  readonly parameters: readonly RunParameter[];
  /** The variable that takes all arguments no parameter names; undefined: they are an error or ignored. */
  readonly rest: string | undefined;
  /** Whether arguments that no parameter takes are an error, as in Python. */
  readonly strict: boolean;
  /** Constants of the module, in their order. */
  readonly globals: readonly { readonly name: string; readonly value: Expr }[];
  readonly functions: readonly Func[];
  /** What `run` does, with the parameters as variables. */
  readonly body: readonly Stmt[];
  /** The comment at the head of the file. */
  readonly heading: string;
};
