// Did-you-mean: what a module exports instead of a name that this ABI wants.

/** What other conventions call the same things. */
const ALIASES: { readonly [name: string]: readonly string[] } = {
  alloc: ['malloc', 'allocate', '__new', 'cabi_realloc', 'pypes_alloc'],
  run: ['main', 'handle', 'agent_run', 'run_agent', 'pypes_run', '_start'],
  memory: ['mem'],
  AGENT: ['METADATA', 'agent_metadata'],
};
const NEAR = 1;

/** ` (it exports "_run": did you mean that?)`, or nothing. */
export function suggest(wanted: string, exported: readonly string[]): string {
  const plain = toPlain(wanted);
  const found =
    exported.find((name) => toPlain(name) === plain) ??
    exported.find((name) => ALIASES[wanted]?.includes(name) === true) ??
    exported.find((name) => isNear(toPlain(name), plain));
  return found === undefined ? '' : ` (it exports "${found}": did you mean that?)`;
}

/** Without case, leading underscores, and what languages add to a name. */
function toPlain(name: string): string {
  return name
    .toLowerCase()
    .replace(/^_+/, '')
    .replace(/(@\d+|_*\(\))$/, '');
}

/** One letter more, less, another, or two swapped. */
function isNear(left: string, right: string): boolean {
  if (Math.abs(left.length - right.length) > NEAR) return false;
  let from = 0;
  while (from < left.length && left[from] === right[from]) from++;
  let same = 0;
  const most = Math.min(left.length, right.length) - from;
  while (same < most && left.at(-1 - same) === right.at(-1 - same)) same++;
  const [a, b] = [left.slice(from, left.length - same), right.slice(from, right.length - same)];
  return (a.length <= NEAR && b.length <= NEAR) || (a.length === 2 && a === [...b].reverse().join(''));
}
