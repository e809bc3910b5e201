// Places and texts of Lua's nodes.
import type luaparse from 'luaparse';
import type { Place } from '../../verdict.ts';

export function placeOf(node: luaparse.Node): Place {
  const { loc } = node as { readonly loc?: { readonly start: Place } };
  return { line: loc?.start.line ?? 1, column: (loc?.start.column ?? 0) + 1 };
}

/** A string literal's text; undefined where its bytes are no UTF-8. */
export function textOf(node: luaparse.StringLiteral): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(node.value, 'latin1'));
  } catch {
    return undefined;
  }
}
