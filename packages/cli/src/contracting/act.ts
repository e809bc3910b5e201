// What happens after a yes, and only then: the file is written, skills are installed, the blueprint is run.
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Permissions, PypesError } from '@pypes/contract';
import { toReview } from '../skills/show.ts';
import type { Drafted } from './doors.ts';
import type { Needed } from './grants.ts';

const PYPES = resolve(import.meta.dirname, '../../bin/pypes.mjs');

/** Writes the blueprint. @throws PypesError `invalid_request` where there is such a file: it is somebody's */
export async function writeDraft(file: string, { text }: Drafted): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
    throw new PypesError(
      'invalid_request',
      `The file "${file}" exists, and was left as it is; name another one with --out`,
    );
  }
}

/** Skills that the blueprint needs and the machine does not have, with what each is to be granted. */
export function missingSkills({ explanation }: Drafted): readonly (Needed & {
  readonly source: string;
  readonly digest: string | undefined;
})[] {
  return explanation.components.flatMap(({ offer, grants }) =>
    offer.origin === 'registry' && 'skill' in offer.reference
      ? [{ component: offer.name, source: offer.reference.skill, digest: offer.digest, grants }]
      : [],
  );
}

/**
 * Installs what is missing.
 *
 * @param isGranted asked for each skill, with what it is; false leaves it out
 * @returns the sources that were installed
 */
export async function installMissing(
  drafted: Drafted,
  root: string,
  isGranted: (review: readonly string[], grants: Partial<Permissions>) => Promise<boolean>,
): Promise<readonly string[]> {
  const { fetchSkill, installSkill } = await import('@pypes/service/skills');
  const installed: string[] = [];
  for (const { source, digest, grants } of missingSkills(drafted)) {
    const candidate = await fetchSkill(source, { root });
    if (digest !== undefined && candidate.report.digest !== digest) {
      throw new PypesError(
        'policy_denied',
        `${source} has other bytes than those that were looked at; it was not installed`,
      );
    }
    if (!(await isGranted(toReview(candidate.report, candidate.installed?.report), grants))) continue;
    await installSkill(candidate, grants, { root });
    installed.push(source);
  }
  return installed;
}

/** `pypes run`, which checks once more. Returns its exit code. */
export function runBlueprint(file: string, root: string, input: string | undefined): Promise<number> {
  const given = input === undefined ? [] : ['--input', input];
  const child = spawn(process.execPath, [PYPES, 'run', file, '--root', root, ...given], { stdio: 'inherit' });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => done(code ?? 1));
  });
}
