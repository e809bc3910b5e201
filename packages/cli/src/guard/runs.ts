// Recorded runs: which there are, which of them a person means, and their calls.
import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { PypesError } from '@pypes/contract';
import { isLoss, parseRecordingLine, type RecordedCall, type RecordedLoss } from '@pypes/guard';
import { listRecordings, readRecordingLines } from '@pypes/stores/filesystem';

/** A run, by its outermost call: the first of its calls that was recorded. */
export type RunInfo = {
  readonly run: string;
  readonly time: number;
  readonly from: string;
  readonly to: string;
  readonly calls: number;
  /** So many of its calls were stopped, or had to wait for a person. */
  readonly stopped: number;
};

/** Runs by id, or files; `all` of those below the folder, or those that began at `since` or later. */
export type RunSelection = {
  readonly folder: string;
  readonly named: readonly string[];
  readonly all: boolean;
  /** Milliseconds since 1970. */
  readonly since?: number;
};

/** The calls, how many more there were than were kept, and how many lines are none of a recording. */
export type LoadedRuns = {
  readonly calls: readonly RecordedCall[];
  readonly lost: number;
  readonly unreadable: number;
};

/** All runs below a folder, the oldest first. */
export async function listRuns(folder: string): Promise<readonly RunInfo[]> {
  return [...(await index(folder)).runs.values()].sort((a, b) => a.time - b.time);
}

/** @throws PypesError `not_found` for a run that is not recorded, with those that are */
export async function loadRuns({ folder, named, all, since }: RunSelection): Promise<LoadedRuns> {
  const files = named.filter(isFile);
  const ids = named.filter((name) => !isFile(name));
  const { runs, rootOf } = await index(folder);
  const wanted = new Set<string>();
  for (const id of ids) {
    const root = rootOf.get(id);
    if (root === undefined) throw unknownRun(id, folder, [...runs.values()]);
    wanted.add(root);
  }
  for (const { run, time } of runs.values()) {
    if (all || (since !== undefined && time >= since)) wanted.add(run);
  }
  const loaded = { calls: [] as RecordedCall[], lost: 0, unreadable: 0 };
  const seen = new Set<string>();
  const add = (line: RecordedCall | RecordedLoss | undefined, isWanted: (root: string) => boolean) => {
    if (line === undefined) loaded.unreadable += 1;
    else if (isWanted(line.root)) {
      if (isLoss(line)) loaded.lost += line.lost;
      else if (!seen.has(keyOf(line))) {
        seen.add(keyOf(line));
        loaded.calls.push(line);
      }
    }
  };
  if (wanted.size > 0) {
    for await (const line of readAll(folder)) add(line, (root) => wanted.has(root));
  }
  for (const file of files) {
    for await (const line of readRecordingLines(dirname(file), [basename(file)]))
      add(parseRecordingLine(line), () => true);
  }
  return loaded;
}

async function index(folder: string) {
  const runs = new Map<string, RunInfo>();
  const rootOf = new Map<string, string>();
  for await (const line of readAll(folder)) {
    if (line === undefined || isLoss(line)) continue;
    const { root, run, arrived, from, to, today } = line;
    rootOf.set(run, root);
    rootOf.set(root, root);
    const known = runs.get(root);
    const isStopped = today.decision === 'deny' || today.decision === 'defer';
    runs.set(root, {
      ...(known ?? { run: root, time: arrived[0], from, to }),
      calls: (known?.calls ?? 0) + 1,
      stopped: (known?.stopped ?? 0) + (isStopped ? 1 : 0),
    });
  }
  return { runs, rootOf };
}

async function* readAll(folder: string): AsyncGenerator<RecordedCall | RecordedLoss | undefined> {
  for await (const line of readRecordingLines(folder, listRecordings(folder))) yield parseRecordingLine(line);
}

function isFile(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isFile() === true;
}

/** No two calls of a process have one moment. */
function keyOf({ run, to, arrived }: RecordedCall): string {
  return JSON.stringify([run, to, arrived]);
}

const SHOWN = 10;

function unknownRun(id: string, folder: string, runs: readonly RunInfo[]): PypesError {
  if (runs.length === 0) {
    return new PypesError(
      'not_found',
      `There is no file and no recorded run "${id}"; nothing is recorded in ${folder}: pypes serve --record does it`,
    );
  }
  const newest = runs.toSorted((a, b) => b.time - a.time).slice(0, SHOWN);
  return new PypesError(
    'not_found',
    `There is no file and no recorded run "${id}"; pypes guard runs lists all ${runs.length} of them`,
    { details: { available: newest.map(({ run, to }) => `${run} (${to})`) } },
  );
}
