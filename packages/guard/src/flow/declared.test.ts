// Manifest labels, counted types and declared flows: what they read, what they let through, what they cost.
import type { Json } from '@pypes/contract';
import { describe, expect, test } from 'vitest';
import { bitsOf, fitsShape, numberBits, parseShape } from './bits.ts';
import { CAPABILITY_LABELS } from './capability-labels.ts';
import { isReleased, parseDeclaredFlow, releasesOf } from './declared.ts';
import { labelsOf, parseManifestLabels, readLabels, sinksOf } from './labels.ts';

const invalid = expect.objectContaining({ code: 'invalid_request' });

describe('labels of manifests', () => {
  const manifest = parseManifestLabels({
    'get-price': { reads: ['untrusted'], sends: ['network'], destinations: ['symbol', '/at/0'] },
    '*': { reads: ['private', 'public'], sends: ['none'] },
  });
  test('are those of the export, else those of "*"', () => {
    expect(labelsOf(manifest, 'get-price')).toEqual({
      reads: ['untrusted'],
      sends: ['network'],
      destinations: ['/symbol', '/at/0'],
    });
    expect(labelsOf(manifest, 'toString')?.reads).toEqual(['private', 'public']);
    expect(labelsOf(parseManifestLabels(undefined), 'toString')).toBeUndefined();
  });
  test('become labels with their origin', () => {
    expect([...readLabels(['private', 'public'], 'mail.read')]).toEqual(['private:mail.read']);
    expect(sinksOf({ reads: [], sends: ['none', 'message'] })).toEqual(['message']);
  });
  test.each<Json>([
    [[]],
    { a: 'x' },
    { a: { reads: 'private' } },
    { a: { reads: ['secret'] } },
    { a: { sends: ['mail'] } },
    { a: { destinations: [''] } },
    { a: { leaks: [] } },
  ])('%j is refused', (value) => {
    expect(() => parseManifestLabels(value)).toThrow(invalid);
  });
  test('whatever leads out of a context says so', () => {
    const out = Object.entries(CAPABILITY_LABELS).filter(([, entry]) => sinksOf(entry).length > 0);
    expect(out.map(([operation]) => operation)).toEqual(['fetch', 'session.goto', 'session.click', 'session.fill']);
  });
});

describe('counted types', () => {
  test.each<[type: Json, bits: number, fits: Json[], others: Json[]]>([
    ['boolean', 1, [true, false], [0, 'true', null]],
    [{ enum: ['a', 'b', 'c', 'c', 4] }, 2, ['a', 4], ['d', '4', null]],
    [{ minimum: -3, maximum: 4 }, 3, [-3, 0, 4], [5, 0.5, '1', null]],
    ['text', Number.POSITIVE_INFINITY, ['', 'x'], [1, null, ['x']]],
  ])('%j has %d bits', (type, bits, fits, others) => {
    const shape = parseShape(type, 'type');
    expect(bitsOf(shape)).toBe(bits);
    expect(fits.map((value) => fitsShape(shape, value))).toEqual(fits.map(() => true));
    expect(others.map((value) => fitsShape(shape, value))).toEqual(others.map(() => false));
  });
  test.each<Json>(['number', { enum: [] }, { enum: [{}] }, { minimum: 1 }, { minimum: 2, maximum: 1 }, null])(
    '%j is none',
    (type) => {
      expect(() => parseShape(type, 'type')).toThrow(invalid);
    },
  );
  test('a number costs the length of its shortest form', () => {
    expect(numberBits(1200)).toBeCloseTo(numberBits(-1200));
    expect(numberBits(1200)).toBeLessThan(10);
    expect(numberBits(Math.PI)).toBeGreaterThan(50);
    expect([0, 1e300, 5e-324].map((value) => Number.isFinite(numberBits(value)))).toEqual([true, true, true]);
  });
});

describe('declared flows', () => {
  const flow = parseDeclaredFlow({ to: 'send', mark: 'private', at: '/urgent', type: 'boolean', bits: 2 }, 'declared');
  const call = (urgent: Json) => ({ from: 'a', to: 'send', args: { urgent, body: 'x' } });

  test('let a counted value through until their bits are used up', () => {
    expect(releasesOf([flow], call(true), 'private', () => 1)).toEqual([{ flow, bits: 1 }]);
    expect(releasesOf([flow], call(true), 'private', () => 2)).toEqual([{ flow, problem: expect.any(String) }]);
  });
  test('hold for their edge, mark, place and type alone', () => {
    const none = () => 0;
    expect(releasesOf([flow], call('x'), 'private', none)).toEqual([{ flow, problem: expect.any(String) }]);
    expect(releasesOf([flow], call(true), 'untrusted', none)).toEqual([]);
    expect(releasesOf([flow], { ...call(true), to: 'other' }, 'private', none)).toEqual([]);
    expect(releasesOf([{ ...flow, from: 'b' }], call(true), 'private', none)).toEqual([]);
    const releases = releasesOf([flow], call(true), 'private', none);
    expect(['/urgent', '/urgent/0', '/body', '/urgently', ''].map((at) => isReleased(releases, at))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
  test('text passes where that is said, and nowhere else', () => {
    const text = { to: 'send', mark: 'private', at: '/body', type: 'text' } as const;
    const bounded = parseDeclaredFlow({ ...text, bits: 1_000_000 }, 'declared');
    const unlimited = parseDeclaredFlow({ ...text, bits: 'unlimited' }, 'declared');
    expect(
      isReleased(
        releasesOf([bounded], call(true), 'private', () => 0),
        '/body',
      ),
    ).toBe(false);
    expect(
      isReleased(
        releasesOf([unlimited], call(true), 'private', () => 0),
        '/body',
      ),
    ).toBe(true);
  });
  test.each<Json>([
    'x',
    { mark: 'private', type: 'text', bits: 1 },
    { to: 'a', mark: 'public', type: 'text', bits: 1 },
    { to: 'a', mark: 'private', type: 'text' },
    { to: 'a', mark: 'private', type: 'text', bits: -1 },
    { to: 'a', mark: 'private', at: 'body', type: 'text', bits: 1 },
    { to: 'a', from: 1, mark: 'private', type: 'text', bits: 1 },
  ])('%j is refused', (value) => {
    expect(() => parseDeclaredFlow(value, 'declared')).toThrow(invalid);
  });
});
