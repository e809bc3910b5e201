// Versions: reading, printing, order.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, printVersion, readVersion, type Version } from './semver.ts';
import { errorOf } from './testing/parse-one.ts';

const read = (text: string): Version => {
  const version = readVersion(text);
  if (typeof version === 'string') throw new Error(version);
  return version;
};

describe('readVersion', () => {
  it.each(['0.0.0', '1.2.3', '1.0.0-rc.1', '1.0.0-a-b.0', '1.0.0+build.01', '1.0.0-x+y', '18446744073709551615.0.0'])(
    '%s',
    (text) => expect(printVersion(read(text))).toBe(text),
  );

  it.each([
    ['', 'unexpected end of input while parsing major version number'],
    ['1', 'unexpected end of input while parsing major version number'],
    ['1.', 'unexpected end of input while parsing minor version number'],
    ['01.0.0', 'invalid leading zero in major version number'],
    ['1.00.0', 'invalid leading zero in minor version number'],
    ['18446744073709551616.0.0', 'value of major version number exceeds u64::MAX'],
    ['1 .0.0', "unexpected character ' ' after major version number"],
    ['1.0.0-01', 'invalid leading zero in pre-release identifier'],
    ['1.0.0-a..b', 'empty identifier segment in pre-release identifier'],
    ['1.0.0-é', 'empty identifier segment in pre-release identifier'],
    ['1.0.0-a_b', "unexpected character '_' after pre-release identifier"],
    ['1.0.0+a_b', "unexpected character '_' after build metadata"],
    ['x', "unexpected character 'x' while parsing major version number"],
  ])('%j: %s', (text, message) => expect(readVersion(text)).toBe(message));
});

describe('compareVersions', () => {
  const ascending = [
    '0.9.9',
    '1.0.0-1',
    '1.0.0-2',
    '1.0.0-10',
    '1.0.0-a',
    '1.0.0-a.1',
    '1.0.0-b',
    '1.0.0',
    '1.0.0+1',
    '1.0.0+2',
    '1.0.0+02',
    '1.0.0+a',
    '1.0.1',
    '2.0.0',
    '10.0.0',
  ];
  it('knows the order of semver.org', () => {
    const sorted = [...ascending].reverse().sort((a, b) => compareVersions(read(a), read(b)));
    expect(sorted).toEqual(ascending);
  });

  it('is an order', () => {
    const version = fc.constantFrom(...ascending).map(read);
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

it('a bad version in a file is placed', () => {
  expect(errorOf('package a:b@01.0.0;')).toMatchObject({
    message: 'invalid leading zero in major version number',
    line: 1,
    column: 13,
  });
});
