// The four languages that translate into each other, and how their files end.

export type Language = 'python' | 'javascript' | 'lispy' | 'lua';

const ENDINGS: { readonly [ending: string]: Language } = {
  py: 'python',
  lispy: 'lispy',
  lisp: 'lispy',
  js: 'javascript',
  mjs: 'javascript',
  ts: 'javascript',
  lua: 'lua',
};

/** How a translated file ends. */
export const ENDING: { readonly [language in Language]: string } = {
  python: '.py',
  javascript: '.mjs',
  lispy: '.lispy',
  lua: '.lua',
};

/** How people call a language. */
export const TITLE: { readonly [language in Language]: string } = {
  python: 'Python',
  javascript: 'JavaScript',
  lispy: 'LisPy',
  lua: 'Lua',
};

/**
 * The language of a file, by its ending.
 *
 * @example
 * languageOf('weather.py'); // 'python'
 */
export function languageOf(filename: string): Language | undefined {
  const ending = /\.([^.\\/]+)$/.exec(filename)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined;
}

/** A language by its ending or name: `py`, `lispy`, `js`, `lua`. */
export function parseLanguage(text: string): Language | undefined {
  return languageOf(`x.${text}`) ?? (Object.hasOwn(ENDING, text) ? (text as Language) : undefined);
}

/** The name of a file without folders and ending. */
export function stemOf(filename: string): string {
  return (/[^/\\]*$/.exec(filename)?.[0] ?? '').replace(/\.[^.]*$/, '');
}
