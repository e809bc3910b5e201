// Publishes a version of a skill: its archive first, then the metadata that leads to it.
import { join } from 'node:path';
import { TargetFile } from '@tufjs/models';
import { type Digest, toDigest, toHex } from '../encoding/digest.ts';
import { fault } from '../faults.ts';
import { writeAtomically } from '../files/atomic-write.ts';
import type { SigningKey } from '../keys/key.ts';
import { toNameText, toTargetPath } from '../manifest/names.ts';
import { packSkill } from '../manifest/read-skill.ts';
import type { Skill } from '../manifest/skill.ts';
import { changeRepository } from './change.ts';
import { toDraft, toRole, withFields } from './draft.ts';
import { type Repository, toHashedPath } from './layout.ts';
import { type TufJson, toTufJson } from './metadata.ts';
import type { Outcome } from './outcome.ts';

/**
 * Publishes a skill under the name in its manifest. The same bytes again change nothing.
 *
 * @throws PypesError `conflict`, reason `immutable`, where the version is published with other bytes; `not_found` where
 *   its namespace was not delegated
 */
export async function publishSkill(
  repository: Repository,
  skill: Skill,
  keys: readonly SigningKey[],
): Promise<Outcome & { readonly digest: Digest; readonly wasThere: boolean }> {
  const archive = packSkill(skill);
  const digest = toDigest(archive);
  const path = toTargetPath(skill.manifest.package, skill.manifest.package.version);
  let wasThere = false;
  const outcome = await changeRepository(repository, keys, async (state) => {
    const role = toRole(state, skill.manifest.package);
    const draft = toDraft(state, role);
    const there = draft.signed.targets[path];
    if (there !== undefined && there.hashes.sha256 !== toHex(digest)) {
      throw fault(
        'immutable',
        `${toText(skill)} is published with other bytes, and a version never changes; raise the version`,
        {
          published: `sha256:${there.hashes.sha256}`,
          got: digest,
        },
      );
    }
    await writeAtomically(join(repository.folder, toHashedPath(path, toHex(digest))), archive);
    wasThere = there !== undefined;
    if (there !== undefined) {
      // Also where it waits for keys that are at hand now.
      const waiting = state.pendingTargets.get(role);
      return waiting === undefined ? undefined : { targets: new Map([[role, waiting]]) };
    }
    const target = toTarget(path, archive, digest, { pypes: toEntry(repository, skill) });
    const { targets } = draft.signed.toJSON() as { readonly targets: TufJson };
    return {
      targets: new Map([[role, withFields(repository, draft, { targets: { ...targets, [path]: target.toJSON() } })]]),
    };
  });
  return { ...outcome, digest, wasThere };
}

/** What the index says about a version, so that nobody downloads a skill to read what it is. */
function toEntry({ now = Date.now }: Repository, { manifest }: Skill): TufJson {
  const { description, license } = manifest.package;
  return toTufJson({
    description,
    ...(license === undefined ? {} : { license }),
    permissions: manifest.permissions,
    labels: manifest.labels,
    published: new Date(now()).toISOString(),
  });
}

function toTarget(path: string, archive: Buffer, digest: Digest, custom: TufJson): TargetFile {
  return new TargetFile({
    path,
    length: archive.length,
    hashes: { sha256: toHex(digest) },
    unrecognizedFields: { custom },
  });
}

function toText({ manifest }: Skill): string {
  return `${toNameText(manifest.package)}@${manifest.package.version}`;
}
