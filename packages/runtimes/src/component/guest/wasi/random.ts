// wasi:random: bytes that nobody can guess, also where a component asks for worse ones.
import type { CurrentCall } from '../import-function.ts';

const MOST = 1_048_576n;

export function createRandom({ spend }: CurrentCall): { readonly [name: string]: object } {
  const bytes = (length: bigint) => {
    if (length > MOST) throw new Error(`wasi:random gives at most ${MOST} bytes at a time`);
    spend?.(Number(length));
    return fill(new Uint8Array(Number(length)));
  };
  const number = () => crypto.getRandomValues(new BigUint64Array(1))[0] as bigint;
  return {
    'random/random': { getRandomBytes: bytes, getRandomU64: number },
    'random/insecure': { getInsecureRandomBytes: bytes, getInsecureRandomU64: number },
    'random/insecure-seed': { insecureSeed: () => [number(), number()] },
  };
}

/** As many at a time as are given. */
const AT_ONCE = 65_536;

function fill(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  for (let at = 0; at < bytes.length; at += AT_ONCE) crypto.getRandomValues(bytes.subarray(at, at + AT_ONCE));
  return bytes;
}
