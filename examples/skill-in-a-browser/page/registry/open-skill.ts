// From downloaded or cached bytes to a skill that may load: its digest is what was signed, its checksums hold.
import { parse } from 'smol-toml';
import { openArchive } from './archive.ts';
import { type Bytes, type Digest, toDigest } from './bytes.ts';
import { type Source, toSourceText } from './find.ts';
import { fieldOf, type JsonObject, toObject, toText } from './json.ts';
import { Refused } from './refused.ts';

/** A component skill whose bytes were verified. */
export type Skill = {
  readonly component: Bytes;
  readonly wit: string;
  readonly world: string;
  readonly description: string;
  readonly license: string;
  /** Asked for, by name. */
  readonly permissions: JsonObject;
};

const MANIFEST = 'manifest.toml';
const FILES = { component: 'component.wasm', interface: 'interface.wit' } as const;

/** @throws Refused `tampered`, `wrong_software` or `malformed` */
export async function openSkill(bytes: Bytes, source: Source, digest: Digest): Promise<Skill> {
  const text = toSourceText(source);
  const got = await toDigest(bytes);
  if (got !== digest) {
    throw new Refused(
      'tampered',
      `${text} has the digest ${got}, and ${digest} is signed; it was changed, nothing was loaded`,
    );
  }
  const files = openArchive(bytes);
  const read = (path: string): Bytes => {
    const content = files.get(path);
    if (content === undefined) throw new Refused('malformed', `${text} has no ${path}, which this page needs`);
    return content;
  };
  const manifest = parseManifest(read(MANIFEST));
  const about = toObject(fieldOf(manifest, 'package'), MANIFEST);
  const name = `${toText(fieldOf(about, 'name'), MANIFEST)}@${toText(fieldOf(about, 'version'), MANIFEST)}`;
  if (name !== text) throw new Refused('wrong_software', `${text} was asked for, and the manifest says ${name}`);
  const sums = toObject(fieldOf(manifest, 'checksums'), MANIFEST);
  for (const [key, path] of Object.entries(FILES)) {
    if ((await toDigest(read(path))) === fieldOf(sums, key)) continue;
    throw new Refused('tampered', `${path} of ${text} is not what its manifest says`);
  }
  return {
    component: read(FILES.component),
    wit: new TextDecoder().decode(read(FILES.interface)),
    world: toText(fieldOf(toObject(fieldOf(manifest, 'interface'), MANIFEST), 'world'), MANIFEST),
    description: toText(fieldOf(about, 'description'), MANIFEST),
    license: toText(fieldOf(about, 'license') ?? '', MANIFEST),
    permissions: toObject(fieldOf(manifest, 'permissions') ?? {}, MANIFEST),
  };
}

function parseManifest(bytes: Bytes): JsonObject {
  try {
    return toObject(parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), MANIFEST);
  } catch (cause) {
    throw new Refused('malformed', `The skill's ${MANIFEST} cannot be read`, { cause });
  }
}
