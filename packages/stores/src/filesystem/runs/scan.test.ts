// Frames: any lines come back as they were; an end torn at any byte, or a byte changed anywhere, costs that frame alone.
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newRoot } from '../../testing/roots.ts';
import { encodeFrame, parseHead } from './frame.ts';
import { type Scanned, scanSegment } from './scan.ts';

const path = join(newRoot(), 'segment');

const line = fc.oneof(fc.json({ maxDepth: 1 }), fc.constant('"#00000000 e 5 1 1 /run-1"'), fc.constant('{"a":"#"}'));

const frame = fc.record({
  kind: fc.constantFrom('r' as const, 'e' as const, 'c' as const),
  tenant: fc.constantFrom('', 'acme', 'A.b_c-d'),
  run_id: fc.constantFrom('run-1', 'R_2'),
  first: fc.integer({ min: 1, max: 2 ** 40 }),
  lines: fc.array(line, { minLength: 1, maxLength: 4 }),
});
type Made = {
  readonly kind: 'r' | 'e' | 'c';
  readonly tenant: string;
  readonly run_id: string;
  readonly first: number;
  readonly lines: readonly string[];
};

const bytesOf = ({ kind, lines, first, ...ref }: Made): Buffer => {
  const { head, payload } = encodeFrame(kind, ref, lines, { first, count: lines.length });
  return Buffer.concat([head, payload]);
};

/** What is found, as one would make it, and where the whole of it ends. */
function scan(bytes: Buffer): { readonly frames: readonly Made[]; readonly damage: number; readonly end: number } {
  writeFileSync(path, bytes);
  const file = openSync(path, 'r');
  const frames: Made[] = [];
  let damage = 0;
  try {
    const found = scanSegment(file, 0, bytes.length);
    let step: IteratorResult<Scanned, number> = found.next();
    for (; step.done !== true; step = found.next()) {
      const { value } = step;
      if ('damage' in value) damage += 1;
      else {
        const { tenant, run_id, first, payload } = value;
        const lines = payload.toString().slice(0, -1).split('\n');
        frames.push({ kind: value.kind as Made['kind'], tenant, run_id, first, lines });
      }
    }
    return { frames, damage, end: step.value };
  } finally {
    closeSync(file);
  }
}

describe('scanning a segment', () => {
  it('finds what was written', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), (made) => {
        const bytes = Buffer.concat(made.map(bytesOf));
        expect(scan(bytes)).toEqual({ frames: made, damage: 0, end: bytes.length });
      }),
      { numRuns: 50 },
    );
  });

  it('ends before a frame that is torn at any of its bytes', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 2 }), frame, (made, last) => {
        const whole = Buffer.concat(made.map(bytesOf));
        const torn = bytesOf(last);
        for (let length = 0; length < torn.length; length++) {
          const found = scan(Buffer.concat([whole, torn.subarray(0, length)]));
          expect([found.frames, found.end]).toEqual([made, whole.length]);
        }
      }),
      { numRuns: 5 },
    );
  });

  it('loses the one frame in which any byte was changed', () => {
    fc.assert(
      fc.property(frame, frame, frame, fc.integer({ min: 1, max: 255 }), (before, hit, after, flip) => {
        const [head, middle, tail] = [bytesOf(before), bytesOf(hit), bytesOf(after)];
        for (let at = 0; at < middle.length; at++) {
          const changed = Buffer.from(middle);
          changed[at] = (changed[at] as number) ^ flip;
          const found = scan(Buffer.concat([head, changed, tail]));
          expect([found.frames, found.damage]).toEqual([[before, after], 1]);
        }
      }),
      { numRuns: 5 },
    );
  });

  it('reads frames that are longer than what is read at once', () => {
    const made = [2_000_000, 10, 1_100_000].map(
      (length, index): Made => ({
        ...{ kind: 'e', tenant: '', run_id: 'run-1', first: index + 1 },
        lines: [JSON.stringify('ü'.repeat(length))],
      }),
    );
    const bytes = Buffer.concat(made.map(bytesOf));
    expect(scan(bytes)).toEqual({ frames: made, damage: 0, end: bytes.length });
    const second = bytesOf(made[0] as Made).length;
    bytes[1_000_000] = 0;
    expect(scan(bytes)).toEqual({ frames: made.slice(1), damage: 1, end: bytes.length });
    expect(second).toBeGreaterThan(1_000_000);
  });

  it('takes no line for a head that is none', () => {
    for (const text of ['', '{}', '#', '#00000000 x 1 1 1 /r\n', '#0000000g e 1 1 1 /r\n', '#00000000 e 1 1 1 r\n']) {
      expect(parseHead(Buffer.from(text))).toBeUndefined();
    }
    expect(parseHead(Buffer.from('#00000000 e 1 2 3 a/r\n'))).toEqual({
      head: { kind: 'e', bytes: 1, first: 2, count: 3, tenant: 'a', run_id: 'r' },
      length: 22,
    });
  });
});
