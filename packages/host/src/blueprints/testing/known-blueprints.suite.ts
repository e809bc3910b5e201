// Known-answer blueprints: each file with its facts and exactly the findings that it has to have.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BlueprintFacts, ComponentFacts } from '../facts.ts';

/** A blueprint whose findings are known. */
export type KnownBlueprint = {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly facts: BlueprintFacts;
  readonly expected: readonly { readonly code: string; readonly line: number; readonly path: readonly string[] }[];
};

/** Every pair of files in `known/`. */
export function knownBlueprints(): readonly KnownBlueprint[] {
  const folder = join(import.meta.dirname, 'known');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.toml'))
    .sort()
    .map((file) => {
      const beside = JSON.parse(readFileSync(join(folder, file.replace(/\.toml$/, '.json')), 'utf8')) as {
        readonly facts: { readonly [name: string]: ComponentFacts };
        readonly expected: KnownBlueprint['expected'];
      };
      return {
        name: file.replace(/\.toml$/, ''),
        path: file,
        text: readFileSync(join(folder, file), 'utf8'),
        facts: ({ name }) => beside.facts[name],
        expected: beside.expected,
      };
    });
}
