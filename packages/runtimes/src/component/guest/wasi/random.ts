// wasi:random: bytes that nobody can guess, also where a component asks for worse ones.
import { randomBytes } from 'node:crypto';

const MOST = 1_048_576n;

export function createRandom(): { readonly [name: string]: object } {
  const bytes = (length: bigint) => {
    if (length > MOST) throw new Error(`wasi:random gives at most ${MOST} bytes at a time`);
    return new Uint8Array(randomBytes(Number(length)));
  };
  const number = () => randomBytes(8).readBigUInt64LE();
  return {
    'random/random': { getRandomBytes: bytes, getRandomU64: number },
    'random/insecure': { getInsecureRandomBytes: bytes, getInsecureRandomU64: number },
    'random/insecure-seed': { insecureSeed: () => [number(), number()] },
  };
}
