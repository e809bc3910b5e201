// A process that wants a run canceled which another one has: a file in that one's journal asks, a file beside it answers.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PypesError } from '@pypes/contract';
import type { RunLines, RunRecord } from '@pypes/contract/runs';
import { isMissing } from '../errors.ts';
import { lookEvery } from './look.ts';
import type { OnProblem } from './problem.ts';

/** The compare-and-set that the owner is asked to do. */
export type UpdateRequest = { readonly before: RunRecord; readonly after: RunRecord; readonly events?: RunLines };

const LOOK_MS = 100;
const ANSWER_LOOK_MS = 20;
const LONGEST_WAIT_MS = 5_000;
/** Who asked is gone. */
const STALE_MS = 60_000;

/** Nothing but a cancel may be asked of another process. */
export function isCancel({ before, after }: UpdateRequest): boolean {
  if (before.status === 'queued') return after.status === 'canceled';
  const isAsked = before.cancel_requested_at === undefined && after.cancel_requested_at !== undefined;
  return isAsked && after.status === before.status && after.attempt === before.attempt;
}

/**
 * What the owner of the journal answers.
 *
 * @throws PypesError `unavailable` where it does not answer
 */
export async function askOwner(journal: string, request: UpdateRequest): Promise<boolean> {
  const folder = join(journal, 'requests');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const name = join(folder, randomUUID());
  writeFileSync(`${name}.tmp`, JSON.stringify(request), { mode: 0o600 });
  renameSync(`${name}.tmp`, `${name}.ask`);
  const end = performance.now() + LONGEST_WAIT_MS;
  while (performance.now() < end) {
    await sleep(ANSWER_LOOK_MS);
    const answer = take(`${name}.answer`);
    if (answer !== undefined) return answer === 'true';
  }
  rmSync(`${name}.ask`, { force: true });
  throw new PypesError(
    'unavailable',
    `The process that has the run "${request.before.run_id}" has not answered for ${LONGEST_WAIT_MS} ms; ask again`,
  );
}

/** Answers what is asked of this journal, until it is stopped. */
export function answerRequests(
  journal: string,
  perform: (request: UpdateRequest) => Promise<boolean>,
  onProblem: OnProblem,
): () => void {
  const folder = join(journal, 'requests');
  return lookEvery(LOOK_MS, `for requests in ${folder}`, look, onProblem);

  function look(): void {
    for (const name of namesIn(folder)) {
      const path = join(folder, name);
      const text = name.endsWith('.ask') ? take(path) : undefined;
      if (text !== undefined) answer(path.slice(0, -'.ask'.length), text).catch(sayFailed);
      else if (isStale(path)) rmSync(path, { force: true });
    }
  }

  async function answer(name: string, text: string): Promise<void> {
    const request = JSON.parse(text) as UpdateRequest;
    const isDone = isCancel(request) && (await perform(request));
    writeFileSync(`${name}.tmp`, String(isDone), { mode: 0o600 });
    renameSync(`${name}.tmp`, `${name}.answer`);
  }

  /** Who asked gets no answer, and looks what became of the run. */
  function sayFailed(cause: unknown): void {
    onProblem({ level: 'warn', message: `A request to cancel a run failed: ${(cause as Error).message}`, cause });
  }
}

/** The content of a file that is gone then. */
function take(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    rmSync(path);
    return text;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isStale(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > STALE_MS;
}
