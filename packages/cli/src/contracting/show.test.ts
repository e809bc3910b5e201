// What a person is shown cannot act on the terminal, whatever names and texts a skill brings.
import { expect, test } from 'vitest';
import { createTextCheck } from '../../../host/src/contracting/check-draft.ts';
import { negotiate } from '../../../host/src/contracting/negotiate.ts';
import { catalogOf, offer, TEXT } from '../../../host/src/contracting/testing/offers.suite.ts';
import { toFacts } from './facts.ts';
import { toLines } from './show.ts';

const EVIL = '\u001b[2J\u202eyes\u200b\r';
const hostile = offer(
  'clock',
  {
    name: `tell-time${EVIL}`,
    description: `Tells the time${EVIL}`,
    takes: { [`zone${EVIL}`]: TEXT },
    gives: TEXT,
    labels: { reads: ['untrusted'], sends: ['message'], destinations: [`zone${EVIL}`] },
  },
  { description: EVIL },
);

test('every line is plain, and says what there is', async () => {
  const wish = `tell the time${EVIL}`;
  const outcome = await negotiate({ wish, catalog: catalogOf(hostile), check: createTextCheck('agent.toml') });
  const lines = toLines(wish, outcome);
  expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  for (const text of ['The ten checks hold', 'message of clock.tell-time', 'Asked for in each run:']) {
    expect(lines.join('\n')).toContain(text);
  }
  expect(toFacts(wish, outcome)).toMatchObject({ proven: true, drafted_by: 'templates' });
});
