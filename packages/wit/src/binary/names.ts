// The names of imports and exports: which are allowed, and what they say. Strict, because they become keys of objects and
// lines on a screen that a person decides by.

import { BinaryError, quoted } from './errors.ts';

/** An interface by its full name, `ns:package/name@1.2.3`. */
export type InterfaceName = { readonly package: string; readonly interface: string };

/** What the name of a function says about what it belongs to. */
export type FunctionName =
  | { readonly form: 'freestanding'; readonly name: string; readonly async: boolean }
  | { readonly form: 'constructor'; readonly name: string; readonly async: false; readonly resource: string }
  | { readonly form: 'method' | 'static'; readonly name: string; readonly async: boolean; readonly resource: string };

const FIRST_WORD = /^(?:[a-z][0-9a-z]*|[A-Z][0-9A-Z]*)$/;
const LATER_WORD = /^(?:[0-9a-z]+|[0-9A-Z]+)$/;
const VERSION = /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
/** The part of a version that decides whether two of them agree, as it stands in front of a version suffix. */
const SHORT_VERSION = /^(?:[1-9]\d*|0\.[1-9]\d*|0\.0\.\d+)$/;

/** Whether text is a label: words of letters and digits with hyphens between, each word in one case. */
export const isLabel = (text: string): boolean => {
  const [first = '', ...later] = text.split('-');
  return FIRST_WORD.test(first) && later.every((word) => LATER_WORD.test(word));
};

/** The text if it is a label. */
export const checkLabel = (text: string, what: string, offset: number): string => {
  if (!isLabel(text)) throw new BinaryError(`Expected ${what} in words-with-hyphens, found ${quoted(text)}`, offset);
  return text;
};

/** Refuses a name that comes twice; two that differ only in case count as the same. */
export const checkDistinct = (names: readonly string[], what: string, offset: number): void => {
  const seen = new Set<string>();
  for (const name of names) {
    const folded = name.toLowerCase();
    if (seen.has(folded)) throw new BinaryError(`Expected each ${what} once, found ${quoted(name)} twice`, offset);
    seen.add(folded);
  }
};

/** The parts of `ns:package/name@version`; undefined if the text is not of that form. */
export const parseInterfaceName = (text: string): InterfaceName | undefined => {
  const at = text.indexOf('@');
  const path = at < 0 ? text : text.slice(0, at);
  const version = at < 0 ? undefined : text.slice(at + 1);
  if (version !== undefined && !VERSION.test(version) && !SHORT_VERSION.test(version)) return undefined;
  const colon = path.indexOf(':');
  const slash = path.indexOf('/');
  const parts = [path.slice(0, colon), path.slice(colon + 1, slash), path.slice(slash + 1)];
  const [namespace = '', name = '', item = ''] = parts;
  if (colon < 0 || slash < colon || !parts.every(isLabel)) return undefined;
  return { package: `${namespace}:${name}${version === undefined ? '' : `@${version}`}`, interface: item };
};

/** The full name of something in a package: `ns:package@1.2.3` and `name` are `ns:package/name@1.2.3`. */
export const fullNameIn = (packageName: string, name: string): string => {
  const at = packageName.indexOf('@');
  return at < 0 ? `${packageName}/${name}` : `${packageName.slice(0, at)}/${name}${packageName.slice(at)}`;
};

/** The parts of a full name; refused if it is not one. */
export const checkInterfaceName = (text: string, offset: number): InterfaceName => {
  const name = parseInterfaceName(text);
  if (name === undefined) throw new BinaryError(`Expected a name like ns:package/name, found ${quoted(text)}`, offset);
  return name;
};

/**
 * What a function's name says: `f`, `[constructor]r`, `[method]r.f`, `[static]r.f`. Files of 2025 also have `async` in
 * the brackets, which is said by the type now; it is taken out of the name.
 */
export const parseFunctionName = (text: string, offset: number): FunctionName => {
  const [, mark, rest = ''] = /^\[([a-z ]*)\](.*)$/s.exec(text) ?? [undefined, undefined, text];
  const words = mark?.split(' ') ?? [];
  const async = words[0] === 'async';
  const form = async ? words.slice(1).join(' ') : words.join(' ');
  const [resource = '', label, ...more] = rest.split('.');
  if (form === '' && (async || mark === undefined)) {
    return { form: 'freestanding', name: checkLabel(rest, 'the name of a function', offset), async };
  }
  if (form === 'constructor' && !async && isLabel(rest)) {
    return { form, name: `[constructor]${rest}`, async, resource: rest };
  }
  const isMember = (form === 'method' || form === 'static') && more.length === 0;
  if (isMember && isLabel(resource) && label !== undefined && isLabel(label)) {
    return { form, name: `[${form}]${resource}.${label}`, async, resource };
  }
  throw new BinaryError(`Expected the name of a function, found ${quoted(text)}`, offset);
};
