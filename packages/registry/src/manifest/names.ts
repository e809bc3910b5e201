// Names and versions of skills, and the one path in a registry that each name@version has.
import { PypesError } from '@pypes/contract';
import semver from 'semver';

/** A skill's name: `name`, or `namespace:name` where a namespace was delegated. */
export type SkillName = { readonly namespace?: string; readonly name: string };

const PART = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const LONGEST_PART = 64;
const LONGEST_VERSION = 64;
/** Metadata files are called after namespaces, so these four are taken. */
const TAKEN: readonly string[] = ['root', 'targets', 'snapshot', 'timestamp'];
const EXTENSION = '.skill';

/** Tells whether a text can be a skill's name or a namespace. */
export function isNamePart(text: string): boolean {
  return text.length <= LONGEST_PART && PART.test(text);
}

/** Tells whether a text can be a namespace. */
export function isNamespace(text: string): boolean {
  return isNamePart(text) && !TAKEN.includes(text);
}

/**
 * @example
 * parseSkillName('acme:stock-market'); // { namespace: 'acme', name: 'stock-market' }
 * @throws PypesError `invalid_request`
 */
export function parseSkillName(text: string): SkillName {
  const parts = text.split(':');
  const [namespace, name] = parts.length === 1 ? [undefined, parts[0]!] : [parts[0]!, parts[1] ?? ''];
  if (parts.length > 2 || !isNamePart(name) || (namespace !== undefined && !isNamespace(namespace))) {
    throw new PypesError(
      'invalid_request',
      `"${text.slice(0, 200)}" is no skill name; write name or namespace:name in lower-case letters, digits and single hyphens, each at most ${LONGEST_PART} characters and beginning with a letter`,
    );
  }
  return namespace === undefined ? { name } : { namespace, name };
}

/** The text of a name: `name` or `namespace:name`. */
export function toNameText({ namespace, name }: SkillName): string {
  return namespace === undefined ? name : `${namespace}:${name}`;
}

/** Tells whether a text is a version: semver in its one spelling, without build metadata, which precedence ignores. */
export function isVersion(text: string): boolean {
  return text.length <= LONGEST_VERSION && semver.valid(text) === text && !text.includes('+');
}

/** Where a version stands among the targets: `[namespace/]name/version.skill`. */
export function toTargetPath({ namespace, name }: SkillName, version: string): string {
  return [...(namespace === undefined ? [] : [namespace]), name, `${version}${EXTENSION}`].join('/');
}

/** The inverse of {@link toTargetPath}; undefined for what is no skill. */
export function parseTargetPath(path: string): (SkillName & { readonly version: string }) | undefined {
  const parts = path.split('/');
  const file = parts.pop() ?? '';
  const version = file.endsWith(EXTENSION) ? file.slice(0, -EXTENSION.length) : '';
  if (!isVersion(version) || parts.length < 1 || parts.length > 2) return undefined;
  const [name = '', namespace] = parts.reverse();
  if (!isNamePart(name) || (namespace !== undefined && !isNamespace(namespace))) return undefined;
  return namespace === undefined ? { name, version } : { namespace, name, version };
}
