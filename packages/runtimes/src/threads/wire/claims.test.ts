// Claims: each call is taken at most once, and none after the host has closed them.
import { expect, it } from 'vitest';
import { claimCall, closeClaims, createClaims, lastClaimed, openClaims } from './claims.ts';

it('takes calls in their order', () => {
  const claims = createClaims();
  expect([claimCall(claims, 1), claimCall(claims, 2)]).toStrictEqual([true, true]);
  expect(lastClaimed(claims)).toBe(2);
});

it('takes nothing once closed, and tells the host what was taken', () => {
  const claims = createClaims();
  claimCall(claims, 1);
  expect(closeClaims(claims)).toBe(1);
  expect(claimCall(claims, 2)).toBe(false);
});

it('skips what was moved elsewhere when opened again', () => {
  const claims = createClaims();
  claimCall(claims, 1);
  closeClaims(claims);
  openClaims(claims, 4);
  expect([2, 3, 4, 5].map((number) => claimCall(claims, number))).toStrictEqual([false, false, false, true]);
});
