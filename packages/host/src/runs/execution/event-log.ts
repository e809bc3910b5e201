// The events of one run as they happen: each with its time and its trace, those that are there already left out.
import type { JsonObject } from '@pypes/contract';
import type {
  RunEvent,
  RunEventActor,
  RunEventSeverity,
  RunEventType,
  RunRecord,
  RunTrace,
} from '@pypes/contract/runs';
import type { LineWriter } from './line-writer.ts';
import type { PastEvent, PastEvents } from './past-events.ts';

/** One event before it has a number. */
export type NewEvent = {
  readonly type: RunEventType;
  readonly severity?: RunEventSeverity;
  readonly actor: RunEventActor;
  readonly attrs: JsonObject;
  /** Of the call that it is about; absent: the run's own. */
  readonly trace?: RunTrace;
  /** See {@link WaitingLine}. */
  readonly subject?: string;
};

/** What events need. */
export type EventLogOptions = {
  readonly record: RunRecord;
  readonly writer: LineWriter;
  readonly past: PastEvents;
  readonly now: () => number;
  readonly observe?: (record: RunRecord, event: RunEvent) => void;
};

/** The events of one run. */
export interface EventLog {
  /** What an earlier attempt has said already is not said again: then this is what it said. */
  say(event: NewEvent): PastEvent | undefined;
  /** Whatever was said before. */
  add(event: NewEvent): void;
}

export function createEventLog({ record, writer, past, now, observe }: EventLogOptions): EventLog {
  function add(event: NewEvent): void {
    const write = toEvent(record, event, now());
    let made: RunEvent | undefined;
    writer.add({
      write: (seq) => {
        made = write(seq);
        return JSON.stringify(made);
      },
      ...(event.subject === undefined ? {} : { subject: event.subject }),
      ...(observe === undefined ? {} : { stored: () => made !== undefined && observe(record, made) }),
    });
  }

  return {
    add,
    say(event) {
      const known = past.take(event.type, event.attrs);
      if (known === undefined) add(event);
      return known;
    },
  };
}

/** An event that waits for its number. The order of its keys is part of what {@link isLastLine} knows. */
export function toEvent(record: RunRecord, event: NewEvent, time: number): (seq: number) => RunEvent {
  const at = isoTime(time);
  return (seq) => ({
    seq,
    time: at,
    run_id: record.run_id,
    event_type: event.type,
    severity: event.severity ?? 'info',
    actor: event.actor,
    trace: event.trace ?? record.trace,
    attrs: event.attrs,
  });
}

const LAST = /^\{"seq":\d+,"time":"[^"]*","run_id":"[\w-]*","event_type":"run\.(?:finished|failed|canceled)"/;

/** Whether the line is a run's last event. */
export function isLastLine(line: string | undefined): boolean {
  return line !== undefined && LAST.test(line);
}

let lastTime = -1;
let lastText = '';

/** Many events share a millisecond. */
export function isoTime(time: number): string {
  if (time !== lastTime) {
    lastTime = time;
    lastText = new Date(time).toISOString();
  }
  return lastText;
}
