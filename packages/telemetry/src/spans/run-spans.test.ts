// Spans from any events in any order: well formed, each call once, and never more kept than there is room for.
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { RUN_EVENT_TYPES, type RunEvent } from '@pypes/contract/runs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeRun, spanOf } from '../testing/run.ts';
import { createRunSpans } from './run-spans.ts';

function setup() {
  const spans: ReadableSpan[] = [];
  let dropped = 0;
  const made = createRunSpans({
    resource: resourceFromAttributes({}),
    scope: { name: 's', version: '1' },
    add: (span) => spans.push(span),
    onDrop: () => {
      dropped += 1;
    },
  });
  return { spans, made, dropped: () => dropped };
}

it('whatever happens makes spans that are well formed', () => {
  const events = fc.array(
    fc.record({
      type: fc.constantFrom(...RUN_EVENT_TYPES),
      ms: fc.integer({ min: -1_000, max: 1_000 }),
      span: fc.nat(4),
      attrs: fc.dictionary(fc.constantFrom('tool', 'model', 'error', 'status', 'duration_ms'), fc.jsonValue()),
    }),
  );
  fc.assert(
    fc.property(events, (given) => {
      const { spans, made } = setup();
      for (const { type, ms, span, attrs } of given) {
        const { record, event } = makeRun();
        made.observe(record, event(type, ms, attrs as RunEvent['attrs'], { n: span + 1 }));
      }
      made.close();
      for (const { spanContext, startTime, endTime, duration, name, status, attributes } of spans) {
        expect(spanContext()).toMatchObject({
          traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
          spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
        });
        expect(endTime[0] * 1e9 + endTime[1]).toBeGreaterThanOrEqual(startTime[0] * 1e9 + startTime[1]);
        for (const [seconds, nanos] of [startTime, endTime, duration]) {
          expect([Number.isSafeInteger(seconds), nanos >= 0 && nanos < 1e9]).toEqual([true, true]);
        }
        expect(name.length).toBeLessThanOrEqual(128);
        expect(Object.hasOwn(attributes, 'error.type')).toBe(status.code === 2);
      }
      const ends = given.filter(({ type }) =>
        /^(?:tool|model)\.call\.(?:finished|blocked)|^run\.(?:fin|fail|can)/.test(type),
      );
      const begins = given.filter(({ type }) => type.endsWith('.call.started'));
      expect(spans.length).toBeLessThanOrEqual(ends.length + begins.length);
    }),
    { numRuns: 200 },
  );
});

it('calls that lie over each other are told apart', () => {
  const { spans, made } = setup();
  const { record, event } = makeRun();
  const say = (type: RunEvent['event_type'], ms: number, n: number, attrs: RunEvent['attrs'] = {}) =>
    made.observe(record, event(type, ms, { tool: `t${n}`, ...attrs }, { n }));
  say('tool.call.started', 0, 2);
  say('tool.call.started', 1, 3);
  say('log', 2, 2);
  say('tool.call.finished', 3, 3, { status: 'ok' });
  say('tool.call.finished', 4, 2, { status: 'ok' });
  made.observe(record, event('run.finished', 5));
  expect(spans.map((span) => [span.name, span.spanContext().spanId, span.events.length])).toEqual([
    ['execute_tool t3', spanOf(3), 0],
    ['execute_tool t2', spanOf(2), 1],
    ['invoke_agent brief', spanOf(1), 0],
  ]);
});

it('runs without end, calls without end and words without end take a bounded room', () => {
  const { spans, made, dropped } = setup();
  for (let n = 0; n < 5_000; n++) {
    const { record, event } = makeRun(`open-${n}`);
    made.observe(record, event('run.started', 0));
  }
  expect(dropped()).toBe(5_000 - 4_096);
  const { record, event } = makeRun('one');
  for (let n = 0; n < 2_000; n++) made.observe(record, event('tool.call.started', n, { tool: 't' }, { n: n + 2 }));
  for (let n = 0; n < 1_000; n++) made.observe(record, event('log', n, { message: 'm' }));
  made.observe(record, event('run.finished', 3_000));
  expect(spans).toHaveLength(1_024 + 1);
  expect([spans.at(-1)?.events.length, spans.at(-1)?.droppedEventsCount]).toEqual([64, 936]);
  made.close();
  expect(spans).toHaveLength(1_024 + 1);
});
