// What the transpiler's glue needs besides in an isolate that compiles no WebAssembly and has no clock to be ended by.
import type { Transpiled } from '../transpile/tool.ts';

/** Modules that the glue has as lists of numbers in its text. */
const LITERAL = /new WebAssembly\.Module\(new Uint8Array\(\[([\s\da-fxA-F,]*)\]\)\)/g;

/** No name of a component has a `$` in it (strict.ts). */
const SPENDING = `
let $spend = () => {};
/** Says where work is counted from now on. */
export function $spending(spend) {
  $spend = spend;
}
function $suspending(implementation) {
  return new WebAssembly.Suspending((...given) => {
    $spend(60000);
    return implementation(...given);
  });
}
`;

/**
 * Glue, already strict, and modules for an isolate: every module is one of those that the isolate is given, and what
 * the glue does for a component is counted.
 */
export function toIsolateGlue({ glue, modules }: Transpiled): Transpiled {
  const all: { [name: string]: Uint8Array<ArrayBuffer> } = { ...modules };
  let literals = 0;
  const text = glue
    .replace(LITERAL, (_, numbers: string) => {
      const name = `$literal${++literals}.wasm`;
      all[name] = Uint8Array.from(
        numbers.split(',').filter((number) => number.trim() !== ''),
        Number,
      );
      return `getCoreModule(${JSON.stringify(name)})`;
    })
    .replaceAll('new WebAssembly.Suspending(', '$suspending(')
    .replace('if ($left < 0) $refuse();', 'if ($left < 0) $refuse();\n  $spend(cost * 4);');
  return { glue: SPENDING + text, modules: all };
}
