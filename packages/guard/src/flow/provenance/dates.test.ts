// Dates are one value, whichever way they are written.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findDates } from './dates.ts';

const found = (text: string) => findDates(text).dates.map(({ date, day }) => date ?? `--${day}`);

describe('findDates', () => {
  test.each<[string, string[]]>([
    ['from January 11th to January 15th 2025. Thanks', ['2025-01-11', '2025-01-15']],
    ['from the 13th to the 17th of May 2024, this', ['2024-05-13', '2024-05-17']],
    ['from the 1st to the 5th of May 2024.', ['2024-05-01', '2024-05-05']],
    ['anytime on May 1st, 2024, for example', ['2024-05-01']],
    ['for May 1st to May 5th.', ['--05-01', '--05-05']],
    ['on the 15th of November and', ['--11-15']],
    ['Jan 3-5, 2025', ['2025-01-03', '2025-01-05']],
    ['2024-05-15T10:00:00 and 2024/05/16', ['2024-05-15', '2024-05-16']],
    ['03.04.2025', ['2025-03-04', '2025-04-03']],
    ['31.12.2025', ['2025-12-31']],
    ['on April 25th 2024', ['2024-04-25']],
    ['May 2024, version 1.2.3, at 10:30, room 2024-99-99', []],
    ['maybe 5 marches', []],
  ])('%s', (text, dates) => {
    expect(found(text)).toEqual(dates);
  });
  test('a date that was written in any form is found in it', () =>
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1950-01-01'), max: new Date('2090-12-31'), noInvalidDate: true }),
        fc.constantFrom('en-US', 'en-GB'),
        (day, locale) => {
          const iso = day.toISOString().slice(0, 10);
          const long = day.toLocaleDateString(locale, { dateStyle: 'long', timeZone: 'UTC' });
          expect([found(`x ${iso} y`), found(`on ${long}.`)]).toEqual([[iso], [iso]]);
        },
      ),
    ));
  test('times are counted, and what is left has neither', () => {
    expect(findDates('2024-05-01 09:00 to 10:00 AM or 6pm in room 7')).toMatchObject({ times: 3 });
    expect(findDates('due 2024-05-01 09:00 in room 7').rest.replaceAll(/[,\s]+/g, ' ')).toBe('due in room 7');
  });
});
