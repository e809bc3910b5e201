// The primitives in JavaScript, by hand. Ints are bigint, floats number, texts string, lists Array, dictionaries Map.
export function _refuse(why) {
  throw new Error(`Refused by the translation: ${why}`);
}

export function _fail(message) {
  throw new Error(message);
}

export function _same(a, b) {
  return a === b;
}

export function _idiv(a, b) {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

export function _imod(a, b) {
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
}

/** Digits without zeros at the end, and the power of ten of the first one. */
export function _shortest(x) {
  const [mantissa, exponent = '0'] = String(x).split('e');
  const [whole, fraction = ''] = mantissa.split('.');
  const figures = (whole + fraction).replace(/^0+/, '');
  const at = whole.length + Number(exponent) - (whole.length + fraction.length - figures.length);
  return [figures.replace(/0+$/, ''), BigInt(at - 1)];
}

/** Rounds what is exactly half to the even digit, as C does. */
export function _fixed(x, places) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  const bits = view.getBigUint64(0);
  const power = bits >> 52n || 1n;
  const mantissa = bits >> 52n ? (bits & 0xfffffffffffffn) | 0x10000000000000n : bits;
  const shift = power - 1075n;
  const scaled = mantissa * 10n ** places * (shift > 0n ? 1n << shift : 1n);
  const unit = shift < 0n ? 1n << -shift : 1n;
  const [whole, rest] = [scaled / unit, (scaled % unit) * 2n];
  const digits = String(rest > unit || (rest === unit && whole % 2n === 1n) ? whole + 1n : whole);
  const width = Number(places);
  const padded = digits.padStart(width + 1, '0');
  const text = width === 0 ? padded : `${padded.slice(0, -width)}.${padded.slice(-width)}`;
  return x < 0 || Object.is(x, -0) ? `-${text}` : text;
}

export function _units(s) {
  return Array.from({ length: s.length }, (_, at) => BigInt(s.charCodeAt(at)));
}

export function _from_units(units) {
  const text = units.map((unit) => String.fromCharCode(Number(unit))).join('');
  return text.isWellFormed() ? text : _refuse('half of a character');
}

export function _cmp_units(a, b) {
  return a < b ? -1n : a > b ? 1n : 0n;
}

export function _cmp_points(a, b) {
  const [left, right] = [[...a], [...b]];
  for (let at = 0; at < left.length && at < right.length; at++) {
    const order = left[at].codePointAt(0) - right[at].codePointAt(0);
    if (order !== 0) return order < 0 ? -1n : 1n;
  }
  return left.length < right.length ? -1n : left.length > right.length ? 1n : 0n;
}

export function _utf8(s) {
  return Array.from(new TextEncoder().encode(s), BigInt);
}

export function _from_utf8(data) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(data, Number));
  } catch {
    return _refuse('bytes that are no text');
  }
}

export function _char(code) {
  return code >= 0xd800n && code <= 0xdfffn ? _refuse('half of a character') : String.fromCodePoint(Number(code));
}

export function _before(s, part) {
  const at = s.indexOf(part);
  return at < 0 ? null : s.slice(0, at);
}

export function _lower_ascii(s) {
  return s.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export function _upper_ascii(s) {
  return s.replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

export function _apply(fn, args) {
  return fn.length === args.length
    ? fn(...args)
    : _fail(`A function of ${fn.length} was given ${args.length} arguments`);
}

export function _in(value) {
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
  if (typeof value === 'string') return value.isWellFormed() ? value : _refuse('a text with half of a character');
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) _refuse('a number that is not finite');
    return Number.isSafeInteger(value) ? BigInt(value) : value;
  }
  if (Array.isArray(value)) return value.map(_in);
  return new Map(Object.entries(value).map(([key, item]) => [_in(key), _in(item)]));
}

export function _out(value) {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value + 0 : _fail('The result holds a number that is not finite');
  }
  if (Array.isArray(value)) return value.map(_out);
  if (!(value instanceof Map)) return _fail('The result holds what is no JSON value');
  const keys = [...value.keys()];
  if (keys.some((key) => typeof key !== 'string')) return _fail('The result holds a key that is no text');
  return Object.fromEntries(keys.map((key) => [key, _out(value.get(key))]));
}
