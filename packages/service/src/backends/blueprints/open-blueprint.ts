// A blueprint as checks and runs begin with it: read, parsed, its components and schemas looked up, its findings made.
// Nothing of a component runs.
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { PypesError } from '@pypes/contract';
import type { Blueprint } from '@pypes/host/blueprints';
import { checkBlueprint, type Finding, loadBlueprint } from '@pypes/host/blueprints/run';
import type { LogEntry } from '../../http/log.ts';
import { type OpenedComponents, openComponents } from './open-components.ts';
import { type OpenedSchemas, openSchemas } from './open-schemas.ts';

/** A blueprint with all that is known of it. */
export type OpenedBlueprint = {
  readonly blueprint: Blueprint;
  readonly text: string;
  readonly opened: OpenedComponents;
  readonly schemas: OpenedSchemas;
  readonly findings: readonly Finding[];
};

/**
 * @throws PypesError `invalid_request` where the file is not there, is no blueprint, or names a schema that cannot be
 * used: with every place
 */
export async function openBlueprint(
  file: string,
  { root, log }: { readonly root: string; readonly log: (entry: LogEntry) => void },
): Promise<OpenedBlueprint> {
  const { languageOf, readMetadata } = await import('@pypes/translate');
  const text = readText(file);
  const blueprint = await loadBlueprint(text, toShown(file));
  const folder = dirname(resolve(file));
  const schemas = await openSchemas(blueprint, folder);
  const opened = await openComponents(blueprint, {
    folder,
    root,
    readAgent: (filename, source) => {
      const language = languageOf(filename);
      return language === undefined ? undefined : readMetadata(language, filename, source);
    },
    log,
  });
  const findings = checkBlueprint(blueprint, opened.facts).map((finding) => withReason(finding, blueprint, opened));
  return { blueprint, text, opened, schemas, findings };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new PypesError('invalid_request', `The blueprint "${file}" cannot be read: ${(error as Error).message}`);
  }
}

/** Places are read by people and editors: relative where the file is below the current folder. */
function toShown(file: string): string {
  const path = relative(process.cwd(), resolve(file));
  return path === '' || path.startsWith('..') ? file : path;
}

/** The check knows that a component is not there; the machine knows why. */
function withReason(finding: Finding, { components }: Blueprint, { absent }: OpenedComponents): Finding {
  if (finding.code !== 'PB001') return finding;
  const { where } = finding;
  const missing = absent.find(({ component }) => components.get(component)?.where === where);
  if (missing === undefined) return finding;
  const { message, install } = missing;
  const repair = install === undefined ? {} : { repair: { text: `Install it: pypes install ${install}` } };
  const { repair: _repair, ...rest } = finding;
  return { ...rest, message, ...repair };
}
