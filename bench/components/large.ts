// The measured component with twelve megabytes more in it: functions that compute, as a language engine has, and data.
import { componentEmbed, componentNew, parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { SKILL_WIT, skillModule } from './skill.ts';

const FUNCTIONS = 17_500;
/** Of one function; about 450 bytes. */
const STATEMENTS = 32;
const DATA_BYTES = 4 * 2 ** 20;
const PAGE = 65_536;

const FUNCTION = 3;
const CODE = 10;

/** Functions (8 MB), none like another, and 4 MB of data; called is `echo` as in the small one. */
export async function buildLarge(): Promise<Uint8Array> {
  const data = Array.from({ length: DATA_BYTES / PAGE }, (_, index) => {
    const text = `${index.toString(36)}-`.padEnd(64, 'abcdefghijklmnopqrstuvwxyz').repeat(PAGE / 64);
    return `(data (i32.const ${(index + 1) * PAGE}) "${text}")`;
  });
  const pages = DATA_BYTES / PAGE + 1;
  const small = await parse(
    skillModule({ pages, extra: `(type $filler (func (param i32) (result i32))) ${data.join('\n')}` }),
  );
  const binary = withFunctions(small);
  const embedded = await componentEmbed({ binary, witSource: SKILL_WIT, world: 'skill', stringEncoding: 'utf8' });
  return componentNew(embedded, []);
}

/** The module with the functions appended; their type, `i32` to `i32`, is the first that the module declares. */
function withFunctions(module: Uint8Array): Uint8Array {
  const out: Uint8Array[] = [module.subarray(0, 8)];
  for (const { id, content } of sectionsOf(module)) {
    if (id === FUNCTION) out.push(section(id, content, new Uint8Array(FUNCTIONS)));
    else if (id === CODE)
      out.push(section(id, content, Buffer.concat(Array.from({ length: FUNCTIONS }, (_, n) => body(n)))));
    else out.push(Uint8Array.of(id), leb(content.length), content);
  }
  return Buffer.concat(out);
}

function* sectionsOf(module: Uint8Array): Generator<{ readonly id: number; readonly content: Uint8Array }> {
  for (let at = 8; at < module.length; ) {
    const id = module[at] as number;
    const [size, start] = readLeb(module, at + 1);
    yield { id, content: module.subarray(start, start + size) };
    at = start + size;
  }
}

/** A vector with more items at its end. */
function section(id: number, content: Uint8Array, more: Uint8Array): Uint8Array {
  const [count, start] = readLeb(content, 0);
  const whole = Buffer.concat([leb(count + FUNCTIONS), content.subarray(start), more]);
  return Buffer.concat([Uint8Array.of(id), leb(whole.length), whole]);
}

/** Arithmetic on the parameter and two locals, stores and loads, and a branch; another seed, another function. */
function body(seed: number): Uint8Array {
  const code: number[] = [1, 2, 0x7f];
  let random = seed * 2_654_435_761 + 1;
  for (let index = 0; index < STATEMENTS; index++) {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) | 0;
    const constant = random >>> 12;
    const operator = [0x6a, 0x6b, 0x6c, 0x71, 0x72, 0x73][(random >>> 4) % 6] as number;
    // local = (parameter operator constant)
    code.push(0x20, 0, 0x41, ...signedLeb(constant), operator, 0x21, 1 + (index & 1));
    // if (local) parameter = parameter ^ other
    if (index % 4 === 0) code.push(0x20, 1, 0x04, 0x40, 0x20, 0, 0x20, 2, 0x73, 0x21, 0, 0x0b);
    // memory[16] = local
    if (index % 4 === 2) code.push(0x41, 16, 0x20, 2, 0x36, 2, 0);
  }
  code.push(0x20, 1, 0x0b);
  return Buffer.concat([leb(code.length), Uint8Array.from(code)]);
}

function readLeb(bytes: Uint8Array, from: number): readonly [value: number, end: number] {
  let value = 0;
  for (let at = from, shift = 0; ; at++, shift += 7) {
    const byte = bytes[at] as number;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [value >>> 0, at + 1];
  }
}

function leb(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** Of a number that is not negative. */
function signedLeb(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x40) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}
