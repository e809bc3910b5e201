// The record of a run on a disk: run.json says how it stands, steps.jsonl grows line by line, so that a process that was
// killed leaves both readable (spec 4, pypes run).
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject } from '@pypes/contract';

/** A run that is being recorded. */
export interface RunRecord {
  readonly folder: string;
  /** One line of steps.jsonl. */
  step(line: JsonObject): void;
  /** What run.json says from now on, beside what it said. */
  update(facts: JsonObject): void;
  close(): void;
}

/** Opens `<root>/runs/<run>/`, for the owner alone. */
export function createRunRecord(root: string, run: string, facts: JsonObject): RunRecord {
  const folder = join(root, 'runs', run);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const steps = openSync(join(folder, 'steps.jsonl'), 'a', 0o600);
  let known: { readonly [key: string]: Json } = facts;

  function write(): void {
    const path = join(folder, 'run.json');
    const file = openSync(`${path}.new`, 'w', 0o600);
    try {
      writeAll(file, `${JSON.stringify(known, null, 2)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.new`, path);
  }

  write();
  return {
    folder,
    step: (line) => writeAll(steps, `${JSON.stringify(line)}\n`),
    update(more) {
      known = { ...known, ...more };
      write();
    },
    close() {
      fsyncSync(steps);
      closeSync(steps);
    },
  };
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}
