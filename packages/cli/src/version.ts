// The version of Pypes, from the package that carries the command.
import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

/** Semantic version. */
export const VERSION = manifest.version;
