// What is asked of the transpiler, and what is made of its answer: in a thread of Node and at the edge alike.

/** What becomes of a component. */
export type Transpiled = {
  /** The text of an ES module that exports `instantiate`. */
  readonly glue: string;
  readonly modules: { readonly [name: string]: Uint8Array<ArrayBuffer> };
};

/** How. Part of the key of every cache of results. */
export type TranspileOptions = {
  /** Names of imports, with their versions: without these, two versions of one interface would become one. */
  readonly imports: readonly string[];
  /** Imports that answer later, and exports that may call them, as `interface#function`. */
  readonly waiting: { readonly imports: readonly string[]; readonly exports: readonly string[] } | undefined;
};

/** The function `generate` of jco-transpile, as far as it is used. */
export type Generate = (
  component: Uint8Array,
  options: ReturnType<typeof toToolOptions>,
) => { readonly files: readonly (readonly [name: string, content: Uint8Array])[] };

/** @throws whatever the tool does; see {@link describeRefusal} */
export function transpileWith(generate: Generate, bytes: Uint8Array, options: TranspileOptions): Transpiled {
  const { files } = generate(bytes, toToolOptions(options));
  const glue = files.find(([name]) => name === 'skill.js')?.[1];
  const modules = Object.fromEntries(files.filter(([name]) => name.endsWith('.wasm')));
  return { glue: new TextDecoder().decode(glue), modules: modules as Transpiled['modules'] };
}

function toToolOptions({ imports, waiting }: TranspileOptions) {
  return {
    name: 'skill',
    noTypescript: true,
    noNodejsCompat: true,
    instantiation: { tag: 'async' as const },
    base64Cutoff: 0,
    noComponentErrorWrapping: false,
    map: imports.map((name): [string, string] => [name, name]),
    ...(waiting === undefined
      ? {}
      : { asyncMode: { tag: 'jspi' as const, val: { imports: [...waiting.imports], exports: [...waiting.exports] } } }),
  };
}

/** The tool throws errors whose payload is a text. */
export function describeRefusal(error: unknown): string {
  const payload = (error as { readonly payload?: unknown } | null)?.payload;
  const text = typeof payload === 'string' ? payload : error instanceof Error ? error.message : String(error);
  return text.split('\n').slice(0, 3).join(' ').slice(0, 400);
}
