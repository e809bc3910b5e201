// The modules that run inside QuickJS before an agent's file, by path: what is generated from them has to be fresh.
import { readFileSync } from 'node:fs';
import { stripTypes } from '../threads/strip.ts';

const ROOT = new URL('../', import.meta.url);
const FIRST = 'javascript/sandbox/inside/prelude.ts';

/** The text of each, types stripped, by its path below the sources of this package. */
export function readInside(): { readonly [path: string]: string } {
  const texts: { [path: string]: string } = {};
  const paths = [FIRST];
  for (const path of paths) {
    // Blanks that stood for types are not needed in what is only run.
    const text = stripTypes(readFileSync(new URL(path, ROOT), 'utf8')).replace(/[ \t]+$/gm, '');
    texts[path] = text;
    for (const [, specifier = ''] of text.matchAll(/^import .* from '(\.[^']+)';$/gm)) {
      const next = new URL(specifier, new URL(path, ROOT)).href.slice(ROOT.href.length);
      if (!paths.includes(next)) paths.push(next);
    }
  }
  return Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
