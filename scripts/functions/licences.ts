// The licences of what others wrote, in one text that goes with the bundle.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Manifest = { readonly name?: string; readonly version?: string; readonly license?: string };

const LICENCE = /^(licen[cs]e|copying|notice)/i;
const LINE = '-'.repeat(80);

/** From the packages' folders. */
export function toLicences(folders: readonly string[]): string {
  const parts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const files = readdirSync(folder).filter((file) => LICENCE.test(file) && !file.endsWith('.js'));
    const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
    return [`${name} ${version} (${license ?? 'see its text'})`, ...texts].join('\n\n');
  });
  return `${parts.join(`\n\n${LINE}\n\n`)}\n`;
}
