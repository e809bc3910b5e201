// What the tests of Pyodide share: where they are skipped and why, and a snapshot that is made before the first one.
import { beforeAll, describe } from 'vitest';
import { createPyodideMachine } from './machine.ts';
import { toPyodideSettings } from './options.ts';
import { findWorkerd } from './workerd.ts';

/** The first start on a machine takes as long. */
const LONGEST_START_MS = 120_000;

/** A `describe` that runs where there is workerd, an optional dependency. */
export function describePyodide(name: string, body: () => void): void {
  if (findWorkerd() === undefined) {
    describe.skip(`${name} (skipped: there is no workerd; npm i workerd)`, body);
    return;
  }
  describe(name, { timeout: LONGEST_START_MS }, () => {
    beforeAll(async () => (await createPyodideMachine(toPyodideSettings({}))).close(), LONGEST_START_MS);
    body();
  });
}
