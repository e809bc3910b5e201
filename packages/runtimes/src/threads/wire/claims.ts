// Claims: the shared number by which a thread takes its calls in order, and by which the host stops it between two.

/** Slot 0 holds the number of the last call that was taken, or CLOSED; the others, calls that have to stop. */
export type Claims = Int32Array<SharedArrayBuffer>;

const CLOSED = -1;
/** A stop that shares its slot with a later one is lost: the thread is ended then, as if it did not look. */
const STOP_SLOTS = 256;

/** A thread takes no call beyond this number: it is replaced before. */
export const LAST_CALL = 0x7fff_fff0;

export function createClaims(): Claims {
  return new Int32Array(new SharedArrayBuffer((1 + STOP_SLOTS) * Int32Array.BYTES_PER_ELEMENT));
}

/** Guest: takes call `number`, the one after the last; false where the host has closed the claims meanwhile. */
export function claimCall(claims: Claims, number: number): boolean {
  return Atomics.compareExchange(claims, 0, number - 1, number) === number - 1;
}

/** Host: the number of the last call that was taken. Only for claims that are open. */
export function lastClaimed(claims: Claims): number {
  return Atomics.load(claims, 0);
}

/** Host: no further call is taken. Returns the number of the last one that was. */
export function closeClaims(claims: Claims): number {
  return Atomics.exchange(claims, 0, CLOSED);
}

/** Host: calls after `number` can be taken again; those up to it that wait in the thread's messages are skipped. */
export function openClaims(claims: Claims, number: number): void {
  Atomics.store(claims, 0, number);
}

/** Host: call `number` has to stop; seen by a guest that looks, also while it computes. */
export function requestStop(claims: Claims, number: number): void {
  Atomics.store(claims, slotOf(number), number);
}

/** Guest: whether the host wants call `number` to stop. */
export function mustStop(claims: Claims, number: number): boolean {
  return Atomics.load(claims, slotOf(number)) === number;
}

function slotOf(number: number): number {
  return 1 + (number % STOP_SLOTS);
}
