// What the terminal gets: no line wider than it is, nothing in an output that acts on it, and progress that ends.
import type { Report } from '@pypes/host/evals';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createProgress } from './progress.ts';
import { type Paint, toLines } from './show.ts';

const bare: Paint = (_colour, text) => text;

function reportOf(text: string, count = 3): Report {
  const summary = {
    total: count,
    passed: 1,
    failed: 0,
    average_score: 0.5,
    pass_rate: 0.3,
    interval: { low: 0.1, high: 0.6 },
  };
  const cases = Array.from({ length: count }, (_, n) => ({
    id: `${text}${n}`,
    tags: [text],
    score: n === 0 ? 1 : 0.25,
    passed: n === 0,
    duration_ms: n,
    ...(n === 0 ? {} : { reason: text }),
  }));
  return {
    scorecard: {
      format: 'pypes-scorecard/1',
      suite: text,
      target: { agent: text },
      started_at: '2026-01-01T00:00:00.000Z',
      finished_at: '2026-01-01T00:00:01.000Z',
      repeat: 1,
      cases,
      summary,
      tags: [{ tag: text, ...summary }],
      comparison: {
        common: 1,
        average_before: 1,
        average_now: 0.5,
        difference: -0.5,
        improved: [],
        regressed: [{ id: text, before: 1, now: 0.5 }],
        added: [],
        missing: [],
      },
    },
    gate_decision: {
      decision: 'fail',
      reasons: [text],
      checks: [{ check: 'min_average_score', passed: false, message: text }],
    },
  };
}

describe('a scorecard', () => {
  test('says what matters', () => {
    const text = toLines(reportOf('units'), 100, bare).join('\n');
    for (const words of ['not ok  units1', '0.25', '1 of 3 passed', 'The gate fails', '1 worse', '1 → 0.5']) {
      expect(text).toContain(words);
    }
  });

  test('is no wider than the terminal, and has nothing that acts on it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 40, max: 200 }), (text, columns) => {
        for (const line of toLines(reportOf(`\u001b[2J${text}\r\n`), columns, bare)) {
          expect([...line].length).toBeLessThanOrEqual(columns);
          expect(line).not.toMatch(/\p{Cc}/u);
        }
      }),
    );
  });

  test('of many cases names the worst', () => {
    const lines = toLines(reportOf('c', 1000), 100, bare);
    expect(lines.length).toBeLessThan(70);
    expect(lines.join('\n')).toContain('and 960 more');
    expect(lines[1]).toMatch(/^not ok/);
  });
});

describe('progress', () => {
  const result = { id: 'a\u001b[2J', tags: [], score: 1, passed: false, duration_ms: 1 };
  const written = (stream: { isTTY?: boolean; columns?: number }, total: number) => {
    const texts: string[] = [];
    const progress = createProgress({ ...stream, write: (text) => texts.push(text) });
    for (let done = 1; done <= total; done++) progress.tell({ done, total, result });
    progress.end();
    return texts;
  };

  test('stays in its line on a terminal, and leaves it empty', () => {
    const texts = written({ isTTY: true, columns: 30 }, 3);
    expect(texts.at(-1)).toBe('\r\u001b[K');
    for (const text of texts) {
      expect(text.startsWith('\r\u001b[K')).toBe(true);
      expect(text.slice(4).length).toBeLessThan(30);
      expect(text.slice(4)).not.toMatch(/\p{Cc}/u);
    }
  });

  test('is at most ten plain lines elsewhere', () => {
    const texts = written({}, 1000);
    expect(texts).toHaveLength(10);
    expect(texts.at(-1)).toBe('1000/1000, 1000 not passed\n');
    expect(written({}, 3)).toHaveLength(3);
  });
});
