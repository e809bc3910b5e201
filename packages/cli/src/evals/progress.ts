// How far a suite is, on standard error: a bar that stays in its line on a terminal, a few plain lines elsewhere.
import type { Progress } from '@pypes/host/evals';
import { plain } from '@pypes/host/plain';

/** Where it is written: `process.stderr`. */
export type ProgressStream = { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };

const CLEAR = '\r\u001b[K';
const BAR = 24;
const STEPS = 10;
const LONGEST_ID = 40;

/** Tells of cases that are done; `end` leaves the terminal as it was. */
export function createProgress(stream: ProgressStream): { tell(progress: Progress): void; end(): void } {
  let failed = 0;
  let said = 0;
  return {
    tell({ done, total, result }) {
      if (!result.passed) failed += 1;
      const counts = `${done}/${total}${failed === 0 ? '' : `, ${failed} not passed`}`;
      if (stream.isTTY === true) {
        const full = Math.round((done / total) * BAR);
        const line = `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] ${counts} ${plain(result.id, LONGEST_ID)}`;
        stream.write(CLEAR + [...line].slice(0, Math.max(1, (stream.columns ?? 80) - 1)).join(''));
        return;
      }
      const step = Math.floor((done / total) * STEPS);
      if (step > said) stream.write(`${counts}\n`);
      said = Math.max(said, step);
    },
    end() {
      if (stream.isTTY === true) stream.write(CLEAR);
    },
  };
}
