// Puts checks into the transpiler's glue that components, and the host, are owed: texts are UTF-8, lists lie in the
// memory, and what is made of them in JavaScript is bounded.

/** Part of the key of every cache of glue. */
export const STRICT = 'strict 5';

/**
 * A few bytes of WebAssembly become hundreds in JavaScript, and many lists can be the same bytes: a heap that is full
 * ends the process, not the thread. So whatever is read out of a memory is counted, from one border to the next. No
 * name of a component has a `$` in it, so none can take the place of these.
 */
const COUNTER = `
let $left = 0;
let $refuse;
/** Begins to count anew: so many bytes of JSON may come out of the memory, at least. */
export function $lifting(bytes, refuse) {
  $left = bytes;
  $refuse = refuse;
}
function $take(cost) {
  $left -= cost;
  if ($left < 0) $refuse();
}
/** Where a loop over a list begins. */
function $list(length, size) {
  $take(length * (8 + size / 8));
  return 0;
}
/** A copy, for the memory goes on changing; a view that would end outside throws. */
function $numbers(type, memory, at, length) {
  const view = new type(memory.buffer, at, length);
  $take(type === Uint8Array ? length : length * 2);
  return view.slice();
}
function $decoder(encoding) {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return {
    decode(bytes) {
      $take(bytes.length);
      return decoder.decode(bytes);
    },
  };
}
`;

/**
 * The glue of jco-transpile 0.15 reads text that is no UTF-8 as something else, takes a byte order mark from its
 * beginning, and cuts a list of numbers off where the memory ends. The canonical ABI has it trap, keep and trap.
 * After an import that waited has failed, it waits for a promise that nothing settles: the failure has to go on.
 * And a static function that waits is written without the word `async`.
 */
const EDITS: readonly (readonly [from: RegExp, to: string])[] = [
  [/= new TextDecoder\(([^)]*)\);/g, '= $$decoder($1);'],
  [/new (\w+Array)\((memory\d+)\.buffer\.slice\((ptr\d+), \3 \+ (len\d+) \* \d+\)\)/g, '$$numbers($1, $2, $3, $4)'],
  [
    /(\.[\w$]+ = )(function [\w$]*\([^)]*\) \{(?:(?!function|const started)[\s\S])*const started = await )/g,
    '$1async $2',
  ],
  [/task\.exit\(\);\s*return task\.completionPromise\(\);/g, 'task.exit(); throw err;'],
  [
    /for \(let i = 0; i < (len\d+); i\+\+\) \{(\s*const base = \w+ \+ i \* (\d+);)/g,
    'for (let i = $$list($1, $3); i < $1; i++) {$2',
  ],
];

/** The same glue, stricter. */
export function makeStrict(glue: string): string {
  return COUNTER + EDITS.reduce((text, [from, to]) => text.replace(from, to), glue);
}
