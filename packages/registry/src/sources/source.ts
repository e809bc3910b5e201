// How people spell where a skill comes from, as data.
import { isAbsolute } from 'node:path';
import { PypesError } from '@pypes/contract';
import semver from 'semver';
import { type Digest, isDigest } from '../encoding/digest.ts';
import { isVersion, parseSkillName, type SkillName } from '../manifest/names.ts';

/** A source in the configured registry. */
export type RegistrySource = SkillName &
  ({ readonly kind: 'explicit'; readonly version: string } | { readonly kind: 'remote'; readonly range: string });

/** A source in an OCI registry: `repository` without the host. */
export type OciSource = {
  readonly kind: 'oci';
  readonly host: string;
  readonly repository: string;
  readonly reference: { readonly tag: string } | { readonly digest: Digest };
};

/** Everything that can be installed or fetched. */
export type Source =
  | RegistrySource
  | OciSource
  | { readonly kind: 'https'; readonly url: string }
  | { readonly kind: 'path'; readonly path: string };

const OCI_REPOSITORY = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const OCI_TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const OCI_HOST = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/i;
const LONGEST = 2_048;

/**
 * @example
 * parseSource('remote:stock-market@^1'); // { kind: 'remote', name: 'stock-market', range: '^1' }
 * @throws PypesError `invalid_request`, saying what was probably meant
 */
export function parseSource(text: string): Source {
  if (text.length > LONGEST || text.trim() === '' || text.includes('\0')) {
    throw invalid(
      text,
      'write explicit:NAME@VERSION, remote:NAME, https://…, oci://… or a path that begins with ./ or /',
    );
  }
  if (text.startsWith('explicit:')) return parseExplicit(text);
  if (text.startsWith('remote:')) return parseRemote(text);
  if (text.startsWith('oci://')) return parseOci(text);
  if (text.startsWith('https://')) return parseHttps(text);
  if (text.startsWith('http://'))
    throw invalid(text, `plain http lets anybody on the way answer; write https://${text.slice(7)}`);
  if (/^\.{1,2}(?:$|\/)/.test(text) || isAbsolute(text)) return { kind: 'path', path: text };
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1];
  if (scheme !== undefined) {
    throw invalid(
      text,
      `there is no scheme "${scheme}:"; there are explicit:, remote:, https: and oci:, and paths that begin with ./`,
    );
  }
  throw invalid(text, `write remote:${text} for a skill of the registry, or ./${text} for a file`);
}

/** The text of a source, as {@link parseSource} takes it. */
export function toSourceText(source: Source): string {
  if (source.kind === 'path') return source.path;
  if (source.kind === 'https') return source.url;
  if (source.kind === 'oci') {
    const { reference } = source;
    return `oci://${source.host}/${source.repository}${'tag' in reference ? `:${reference.tag}` : `@${reference.digest}`}`;
  }
  const name = source.namespace === undefined ? source.name : `${source.namespace}:${source.name}`;
  return source.kind === 'explicit'
    ? `explicit:${name}@${source.version}`
    : `remote:${name}${source.range === '*' ? '' : `@${source.range}`}`;
}

function parseExplicit(text: string): Source {
  const { name, after } = split(text.slice('explicit:'.length));
  if (after === undefined) throw invalid(text, `name a version, as explicit:${name}@1.0.0, or take remote:${name}`);
  if (isVersion(after)) return { kind: 'explicit', ...parseSkillName(name), version: after };
  const hint =
    semver.validRange(after) === null
      ? `"${after}" is no version; it takes MAJOR.MINOR.PATCH`
      : `"${after}" is a range; take remote:${name}@${after}`;
  throw invalid(text, hint);
}

function parseRemote(text: string): Source {
  const { name, after = '*' } = split(text.slice('remote:'.length));
  if (after.trim() === '' || semver.validRange(after) === null) {
    throw invalid(text, `"${after}" is no range; it takes what npm takes, as ^1, ~1.2 or ">=1 <3"`);
  }
  return { kind: 'remote', ...parseSkillName(name), range: after };
}

function parseOci(text: string): Source {
  const rest = text.slice('oci://'.length);
  const slash = rest.indexOf('/');
  const host = slash === -1 ? rest : rest.slice(0, slash);
  const path = slash === -1 ? '' : rest.slice(slash + 1);
  const at = path.indexOf('@');
  const colon = path.indexOf(':');
  const end = at !== -1 ? at : colon;
  const repository = end === -1 ? path : path.slice(0, end);
  const given = end === -1 ? '' : path.slice(end + 1);
  if (!OCI_HOST.test(host) || !OCI_REPOSITORY.test(repository)) {
    throw invalid(
      text,
      'it takes oci://HOST/REPOSITORY:TAG or oci://HOST/REPOSITORY@sha256:…, with the repository in lower case',
    );
  }
  if (end === -1) throw invalid(text, 'name a tag or a digest: nothing here means "latest" by itself');
  const base = { kind: 'oci', host, repository } as const;
  if (at !== -1 && isDigest(given)) return { ...base, reference: { digest: given } };
  if (at === -1 && OCI_TAG.test(given)) return { ...base, reference: { tag: given } };
  throw invalid(
    text,
    at === -1 ? `"${given}" is no tag` : `"${given}" is no digest; it takes sha256: and 64 hex digits`,
  );
}

function parseHttps(text: string): Source {
  if (!URL.canParse(text)) throw invalid(text, 'it is no URL');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    throw invalid(text.replace(/\/\/[^@]*@/, '//…@'), 'keep names and passwords out of URLs');
  url.hash = '';
  return { kind: 'https', url: url.href };
}

function split(text: string): { readonly name: string; readonly after?: string } {
  const at = text.indexOf('@');
  return at === -1 ? { name: text } : { name: text.slice(0, at), after: text.slice(at + 1) };
}

function invalid(text: string, hint: string): PypesError {
  return new PypesError('invalid_request', `"${text.slice(0, 200)}" is no source of a skill: ${hint}`);
}
