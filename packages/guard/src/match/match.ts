// Which calls a rule is about: by who calls, what is called, of which pack, in patterns with `*`.
import type { Call } from '@pypes/contract';

/** Patterns; what is left out matches everything. */
export type Match = { readonly from?: string; readonly to?: string; readonly pack?: string };

/** Tells whether a rule is about a call. */
export type Matcher = (call: Call) => boolean;

/** `*` stands for any run of characters; everything else for itself. */
export function compileMatch({ from = '*', to = '*', pack = '*' }: Match): Matcher {
  const isFrom = compilePattern(from);
  const isTo = compilePattern(to);
  const isPack = compilePattern(pack);
  return (call) => isTo(call.to) && isFrom(call.from) && isPack(call.packGuid);
}

/** Compiled by hand, so that no pattern can take longer than the text times its stars. */
export function compilePattern(pattern: string): (text: string) => boolean {
  if (pattern === '*') return () => true;
  const parts = pattern.split('*');
  if (parts.length === 1) return (text) => text === pattern;
  const first = parts[0] as string;
  const last = parts.at(-1) as string;
  const middle = parts.slice(1, -1).filter((part) => part !== '');
  const shortest = first.length + last.length;
  return (text) => {
    if (text.length < shortest || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const part of middle) {
      const found = text.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return at <= text.length - last.length;
  };
}
