// Parses a manifest.toml, and says everything that is wrong with it, with lines.
import { isJsonObject, type Json } from '@pypes/contract';
import { parse, TomlError } from 'smol-toml';
import { fault } from '../faults.ts';
import { createFindLine } from './find-line.ts';
import type { ManifestViolation, SkillManifest } from './manifest.ts';
import { readChecksums, readLabels, readLimits, readPackage, readPermissions, readWorld } from './read-section.ts';

const SECTIONS = ['package', 'interface', 'permissions', 'labels', 'limits', 'checksums'];
const MOST_BYTES = 64 * 1024;
const MOST_DEPTH = 8;

/**
 * @throws PypesError `invalid_request`, reason `malformed`, with every violation in `details.violations`
 */
export function parseManifest(text: string): SkillManifest {
  const { manifest, violations } = checkManifest(text);
  if (violations.length > 0) {
    const first = violations
      .slice(0, 3)
      .map(({ path, message, line }) => `${line === undefined ? '' : `line ${line}: `}${path}: ${message}`)
      .join('; ');
    throw fault('malformed', `The manifest has ${violations.length} fault(s): ${first}`, {
      violations: violations.map((violation) => ({ ...violation })),
    });
  }
  return manifest;
}

/** The same as findings: the manifest counts only where there are none. */
export function checkManifest(text: string): {
  readonly manifest: SkillManifest;
  readonly violations: readonly ManifestViolation[];
} {
  const violations: ManifestViolation[] = [];
  const document = readDocument(text, violations);
  let findLine: ReturnType<typeof createFindLine> | undefined;
  const note = (path: string, message: string) => {
    findLine ??= createFindLine(text);
    const line = findLine(path);
    violations.push({ path, message, ...(line === undefined ? {} : { line }) });
  };
  for (const key of Object.keys(document)) {
    if (!SECTIONS.includes(key)) note(key, `There is no such section; there are ${SECTIONS.join(', ')}`);
  }
  if (violations.length > 0 && Object.keys(document).length === 0) return { manifest: EMPTY, violations };
  const world = readWorld(document.interface, note);
  const manifest: SkillManifest = {
    package: readPackage(document.package, note),
    ...(world === undefined ? {} : { world }),
    permissions: readPermissions(document.permissions, note),
    labels: readLabels(document.labels, note),
    limits: readLimits(document.limits, note),
    checksums: readChecksums(document.checksums, note),
  };
  return { manifest, violations };
}

const EMPTY: SkillManifest = {
  package: { name: '', version: '', description: '' },
  permissions: {},
  labels: {},
  limits: {},
  checksums: {},
};

function readDocument(text: string, violations: ManifestViolation[]): { readonly [key: string]: Json } {
  if (Buffer.byteLength(text) > MOST_BYTES) {
    violations.push({ path: '', message: `It is larger than ${MOST_BYTES} bytes` });
    return {};
  }
  try {
    const document: unknown = parse(text, { unsafeKeyBehaviour: 'throw', maxDepth: MOST_DEPTH });
    return isJsonObject(document) ? document : {};
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [message = 'It is no TOML'] = error.message.split('\n');
    violations.push({ path: '', message: `${message} (column ${error.column})`, line: error.line });
    return {};
  }
}
