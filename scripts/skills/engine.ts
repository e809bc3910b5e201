// The engine that componentize-qjs brings, with its clock and its chance stopped: otherwise both end up in the snapshot
// of its memory, as seeds of hash tables and as times, and no two builds of one source are the same.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse, print } from '@bytecodealliance/jco-transpile/wasm-tools';

/** The engine of version 0.4.5 for Linux that is small and answers at once; macOS gets another one. */
const ENGINE = { bytes: 956_298, sha256: '51bced91769e0a3cb8bc288d230675b03fca8f97b42723b9f9f1702e6903b6f7' };
const MAGIC = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);

/** What is asked of the outside while a module is loaded, and what is answered instead. */
const ANSWERS = [
  {
    asked: '"wasi:random/insecure-seed@0.2.9" "insecure-seed"',
    answer: `(func (param i32)
      (i64.store (local.get 0) (i64.const 1)) (i64.store offset=8 (local.get 0) (i64.const 2)))`,
  },
  { asked: '"wasi:clocks/monotonic-clock@0.2.0" "now"', answer: '(func (result i64) (i64.const 0))' },
  {
    asked: '"wasi:clocks/wall-clock@0.2.0" "now"',
    answer: `(func (param i32)
      (i64.store (local.get 0) (i64.const 0)) (i32.store offset=8 (local.get 0) (i32.const 0)))`,
  },
];

let made: Promise<Uint8Array> | undefined;

/** The engine in which it is always midnight of 1 January 1970, and every seed is the same. */
export function stillEngine(): Promise<Uint8Array> {
  made ??= makeEngine();
  return made;
}

async function makeEngine(): Promise<Uint8Array> {
  const text = await print(findEngine());
  const imported = text.match(/^ {2}\(import .*\(func \(;\d+;\)/gm) ?? [];
  const defined = text.match(/^ {2}\(func \(;\d+;\)/gm) ?? [];
  let engine = text;
  for (const [place, { asked }] of ANSWERS.entries()) {
    const index = imported.findIndex((line) => line.includes(asked));
    const calls = new RegExp(`\\bcall ${index}$`, 'gm');
    if (index < 0 || !calls.test(text)) throw new Error(`The engine does not ask for ${asked}; look at it anew`);
    engine = engine.replace(calls, `call ${imported.length + defined.length + place}`);
  }
  // At the end, so that no other function gets another number.
  const end = engine.lastIndexOf(')');
  return parse(`${engine.slice(0, end)}${ANSWERS.map(({ answer }) => answer).join('\n')})`);
}

/** The tool hands its engine out to nobody; it lies as it is in the tool's native part. */
function findEngine(): Uint8Array {
  const native = readFileSync(findNative());
  for (let at = native.indexOf(MAGIC); at >= 0; at = native.indexOf(MAGIC, at + 1)) {
    const candidate = native.subarray(at, at + ENGINE.bytes);
    if (createHash('sha256').update(candidate).digest('hex') === ENGINE.sha256) return candidate;
  }
  throw new Error(
    'componentize-qjs has another engine here than its version 0.4.5 on Linux; build there, or note the size and digest of the new one and commit what it gives',
  );
}

function findNative(): string {
  const require = createRequire(import.meta.url);
  require('componentize-qjs');
  const found = Object.keys(require.cache).find((path) => /componentize-qjs[^/\\]*\.node$/.test(path));
  if (found === undefined) throw new Error('componentize-qjs has no native part on this platform');
  return found;
}
