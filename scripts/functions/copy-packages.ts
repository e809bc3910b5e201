// npm packages and all that they depend on, as they lie here, without what is read by people and compilers alone.
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPackage } from './npm.ts';

type Manifest = { readonly dependencies?: { readonly [name: string]: string } };

const ROOT = join(import.meta.dirname, '../..');
const UNREAD = /\.(map|md|markdown|d\.[cm]?ts|tsbuildinfo)$/;

/**
 * Copies into `modules`; the folders that were copied.
 *
 * @throws Error where one is not installed, or two versions of one would be needed
 */
export function copyPackages(names: readonly string[], modules: string, leftOut: readonly string[]): readonly string[] {
  const copied = new Map<string, string>();
  const waiting = names.map((name) => ({ name, from: ROOT }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { name, from } = next;
    if (leftOut.includes(name) || name.startsWith('@types/')) continue;
    const found = findPackage(name, from);
    if (found === undefined) throw new Error(`"${name}" is not installed; run npm ci`);
    const before = copied.get(name);
    if (before === found) continue;
    if (before !== undefined) throw new Error(`Two versions of "${name}" are needed: ${before} and ${found}`);
    copied.set(name, found);
    cpSync(found, join(modules, name), {
      recursive: true,
      dereference: true,
      filter: (path) => path === found || !(UNREAD.test(path) || path.endsWith('/node_modules')),
    });
    const { dependencies = {} } = JSON.parse(readFileSync(join(found, 'package.json'), 'utf8')) as Manifest;
    waiting.push(...Object.keys(dependencies).map((each) => ({ name: each, from: found })));
  }
  return [...copied.values()].filter((folder) => existsSync(folder)).sort();
}
