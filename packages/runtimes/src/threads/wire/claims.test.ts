// Claims: each call is taken at most once, and none after the host has closed them; a stop is for one call alone.
import { expect, it } from 'vitest';
import { claimCall, closeClaims, createClaims, lastClaimed, mustStop, openClaims, requestStop } from './claims.ts';

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

it('stops the call that is meant and no other', () => {
  const claims = createClaims();
  requestStop(claims, 5);
  expect([4, 5, 6, 5 + 256].filter((number) => mustStop(claims, number))).toStrictEqual([5]);
  requestStop(claims, 6);
  expect([5, 6].filter((number) => mustStop(claims, number))).toStrictEqual([5, 6]);
  expect(lastClaimed(claims)).toBe(0);
});

it('keeps the later of two stops that share a slot', () => {
  const claims = createClaims();
  requestStop(claims, 5);
  requestStop(claims, 5 + 256);
  expect([5, 5 + 256].filter((number) => mustStop(claims, number))).toStrictEqual([5 + 256]);
});
