// What stands in the place of a line that the disk lost: the numbers after it stay right, and the reader is told.
import type { RunEvent, RunRecord, RunStream } from '@pypes/contract/runs';

/** An event that says so; a call that answers nothing. */
export function lostLine(record: RunRecord, stream: RunStream, number: number): string {
  if (stream === 'calls') return JSON.stringify({ n: number, lost: true });
  const event: RunEvent = {
    seq: number,
    time: record.started_at ?? record.created_at,
    run_id: record.run_id,
    event_type: 'log',
    severity: 'error',
    actor: 'engine',
    trace: record.trace,
    attrs: { message: 'This event was lost: the journal of runs was damaged on the disk', lost: true },
  };
  return JSON.stringify(event);
}
