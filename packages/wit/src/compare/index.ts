// Comparison of worlds: upgrades, wires, and a .wit against its binary.
export type { Comparison, Reason, Verdict } from './reasons.ts';
export { type Agreement, sameTypes } from './same-types.ts';
export type { WorldOf } from './side.ts';
export { satisfies } from './version.ts';
export { compareWorlds } from './worlds.ts';
