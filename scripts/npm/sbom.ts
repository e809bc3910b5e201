// What is inside the package, and what its parts bring, as a CycloneDX 1.6 document.
import { createHash } from 'node:crypto';
import { type Lock, nameOf, needsOf } from './lockfile.ts';

export type Contents = {
  readonly version: string;
  readonly licence: string;
  /** Version of the bundler. */
  readonly bundler: string;
  /** Paths in the lockfile of what is bundled. */
  readonly bundled: readonly string[];
  /** Paths in the lockfile of what the parts bring, by part. */
  readonly parts: ReadonlyMap<string, readonly string[]>;
};

type Component = { readonly 'bom-ref': string; readonly [key: string]: unknown };

const NAME = 'pypes';
const NAMESPACE = '9d2c2b1e-6f0a-5c57-9a53-0f5e7f1c9b1d';

/** The same for the same contents: no time, and a serial number that follows from the rest. @throws Error for what is not locked */
export function toSbom(lock: Lock, contents: Contents) {
  const { bundled, parts, version, licence } = contents;
  const self = purlOf(NAME, version);
  const paths = [...new Set([...bundled, ...[...parts.values()].flat()])].sort();
  const refs = new Map(paths.map((path) => [path, refOf(lock, path)]));
  // Two places of one version are one component.
  const components = new Map(paths.map((path) => [refs.get(path) as string, toComponent(lock, path, contents)]));
  const edges = new Map<string, Set<string>>([[self, new Set(bundled.map((path) => refs.get(path) as string))]]);
  for (const path of paths) {
    const needed = needsOf(lock, path).flatMap((need) => refs.get(need.path) ?? []);
    const ref = refs.get(path) as string;
    edges.set(ref, new Set([...(edges.get(ref) ?? []), ...needed]));
  }
  const body = {
    metadata: {
      lifecycles: [{ phase: 'build' }],
      tools: { components: [{ type: 'application', name: 'rolldown', version: contents.bundler }] },
      component: {
        type: 'application',
        'bom-ref': self,
        name: NAME,
        version,
        licenses: toLicences(licence),
        purl: self,
      },
    },
    components: sorted(components).map(([, component]) => component),
    dependencies: sorted(edges).map(([ref, dependsOn]) => ({ ref, dependsOn: [...dependsOn].sort() })),
  };
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${toUuid(JSON.stringify(body))}`,
    version: 1,
    ...body,
  };
}

function toComponent(lock: Lock, path: string, { bundled, parts }: Contents): Component {
  const { version = '', integrity = '', license } = lock[path] ?? {};
  const name = nameOf(path);
  const [group, rest] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const ref = refOf(lock, path);
  const isHere = (each: string) => refOf(lock, each) === ref;
  const isBundled = bundled.some(isHere);
  const of = [...parts].filter(([, inside]) => inside.some(isHere)).map(([part]) => part);
  return {
    type: 'library',
    'bom-ref': ref,
    ...(group === undefined ? {} : { group }),
    name: rest ?? name,
    version,
    scope: isBundled ? 'required' : 'optional',
    hashes: integrity.split(' ').map(toHash),
    ...(license === undefined ? {} : { licenses: toLicences(license) }),
    purl: ref,
    properties: [
      ...(isBundled ? [{ name: 'pypes:bundled', value: 'true' }] : []),
      ...of.map((value) => ({ name: 'pypes:part', value })),
    ],
  };
}

function refOf(lock: Lock, path: string): string {
  const { version, integrity } = lock[path] ?? {};
  if (version === undefined || integrity === undefined) throw new Error(`"${path}" is not pinned by the lockfile`);
  return purlOf(nameOf(path), version);
}

function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`;
}

/** npm's `sha512-<base64>`. */
function toHash(integrity: string): { readonly alg: string; readonly content: string } {
  const cut = integrity.indexOf('-');
  const content = Buffer.from(integrity.slice(cut + 1), 'base64').toString('hex');
  return { alg: integrity.slice(0, cut).toUpperCase().replace('SHA', 'SHA-'), content };
}

function toLicences(licence: string): readonly object[] {
  return /^[\w.+-]+$/.test(licence) ? [{ license: { id: licence } }] : [{ expression: licence }];
}

/** A version 5 UUID. */
function toUuid(text: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex'))
    .update(text)
    .digest();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex').slice(0, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly [string, T][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
