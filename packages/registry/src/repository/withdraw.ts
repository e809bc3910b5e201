// Takes a version back: yanked (nobody new should take it) or revoked (nobody may load it any more).
//
// A yank is said by whoever publishes the name, next to the version. A revocation is said by the registry itself, in the
// signed field `x-pypes-revoked` of the top-level targets metadata: every client reads that file whatever it asks for,
// no namespace can take it back, and it names a digest, so that it holds for copies in caches, too.
import { PypesError } from '@pypes/contract';
import { type Digest, isDigest } from '../encoding/digest.ts';
import type { SigningKey } from '../keys/key.ts';
import { type SkillName, toNameText, toTargetPath } from '../manifest/names.ts';

import { REVOKED_FIELD, readRevocations } from '../revocations/revocations.ts';
import { changeRepository } from './change.ts';
import { toDraft, toRole, withFields } from './draft.ts';
import type { Repository } from './layout.ts';
import type { TufJson } from './metadata.ts';
import type { Outcome } from './outcome.ts';
import type { State } from './state.ts';

/** One version of a skill. */
export type SkillVersion = SkillName & { readonly version: string };

/**
 * Yanks a version: ranges resolve to it no longer, lockfiles that name it still work.
 *
 * @throws PypesError `not_found` where it is not published, `invalid_request` without a reason
 */
export async function yankSkill(
  repository: Repository,
  skill: SkillVersion,
  reason: string,
  keys: readonly SigningKey[],
): Promise<Outcome> {
  checkReason(reason);
  return changeRepository(repository, keys, (state) => {
    const role = toRole(state, skill);
    const draft = toDraft(state, role);
    const path = toTargetPath(skill, skill.version);
    const { targets } = draft.signed.toJSON() as { readonly targets: { readonly [path: string]: TargetJson } };
    const target = targets[path];
    if (target === undefined) throw notPublished(skill);
    const custom = { ...target.custom, pypes: { ...target.custom?.pypes, yanked: { reason, at: toTime(repository) } } };
    return {
      targets: new Map([
        [role, withFields(repository, draft, { targets: { ...targets, [path]: { ...target, custom } } as TufJson })],
      ]),
    };
  });
}

/**
 * Revokes a version: no client that has heard of it loads it, from wherever it comes.
 *
 * @param skill a published version, or a digest, also one that was never published here
 * @throws PypesError `not_found` where it is not published, `invalid_request` without a reason
 */
export async function revokeSkill(
  repository: Repository,
  skill: SkillVersion | Digest,
  reason: string,
  keys: readonly SigningKey[],
): Promise<Outcome> {
  checkReason(reason);
  return changeRepository(repository, keys, (state) => {
    const draft = toDraft(state, 'targets');
    const digest = isDigest(skill) ? skill : findDigest(state, skill);
    const known = readRevocations(draft.signed);
    if (known.some((entry) => entry.digest === digest)) return undefined;
    const entry = {
      digest,
      ...(isDigest(skill) ? {} : { skill: toNameText(skill), version: skill.version }),
      reason,
      at: toTime(repository),
    };
    return { targets: new Map([['targets', withFields(repository, draft, { [REVOKED_FIELD]: [...known, entry] })]]) };
  });
}

type TargetJson = TufJson & { readonly custom?: { readonly pypes?: TufJson } };

function findDigest(state: State, skill: SkillVersion): Digest {
  const target = state.targets.get(toRole(state, skill))?.signed.targets[toTargetPath(skill, skill.version)];
  if (target === undefined) throw notPublished(skill);
  return `sha256:${target.hashes.sha256}`;
}

function checkReason(reason: string): void {
  if (reason.trim() === '') throw new PypesError('invalid_request', 'Say why: whoever uses the version will read it');
}

function notPublished(skill: SkillVersion): PypesError {
  return new PypesError('not_found', `${toNameText(skill)}@${skill.version} is not published here`);
}

function toTime({ now = Date.now }: Repository): string {
  return new Date(now()).toISOString();
}
