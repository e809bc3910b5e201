// Versions as in semver.org, with the messages of the parser that wasm-tools uses.

/** A version; numbers are exact however large. */
export type Version = {
  readonly numbers: readonly [major: bigint, minor: bigint, patch: bigint];
  readonly prerelease: string;
  readonly build: string;
};

const largest = 2n ** 64n - 1n;
const parts = ['major version number', 'minor version number', 'patch version number'] as const;

/** Reads a version; returns a message where it is none. */
export const readVersion = (text: string): Version | string => {
  let rest = text;
  const numbers: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    const digits = /^[0-9]*/.exec(rest)![0];
    if (digits === '')
      return rest === '' ? `unexpected end of input while parsing ${part}` : unexpected(rest, 'while parsing', part);
    if (digits.length > 1 && digits.startsWith('0')) return `invalid leading zero in ${part}`;
    if (digits.length > 20 || BigInt(digits) > largest) return `value of ${part} exceeds u64::MAX`;
    numbers.push(BigInt(digits));
    rest = rest.slice(digits.length);
    if (index === 2) break;
    if (rest === '') return `unexpected end of input while parsing ${part}`;
    if (!rest.startsWith('.')) return unexpected(rest, 'after', part);
    rest = rest.slice(1);
  }
  let last: string = parts[2];
  const labels = { '-': '', '+': '' };
  for (const [mark, part] of [
    ['-', 'pre-release identifier'],
    ['+', 'build metadata'],
  ] as const) {
    if (!rest.startsWith(mark)) continue;
    const label = /^[0-9A-Za-z.-]*/.exec(rest.slice(1))![0];
    const segments = label.split('.');
    if (mark === '-' && segments.some((segment) => /^0[0-9]+$/.test(segment))) return `invalid leading zero in ${part}`;
    if (segments.includes('')) return `empty identifier segment in ${part}`;
    labels[mark] = label;
    rest = rest.slice(1 + label.length);
    last = part;
  }
  if (rest !== '') return unexpected(rest, 'after', last);
  const [major = 0n, minor = 0n, patch = 0n] = numbers;
  return { numbers: [major, minor, patch], prerelease: labels['-'], build: labels['+'] };
};

const unexpected = (rest: string, how: string, part: string): string =>
  `unexpected character '${String.fromCodePoint(rest.codePointAt(0)!)}' ${how} ${part}`;

/** A version as text. */
export const printVersion = ({ numbers, prerelease, build }: Version): string =>
  `${numbers.join('.')}${prerelease === '' ? '' : `-${prerelease}`}${build === '' ? '' : `+${build}`}`;

/** Which of two versions comes first: below, above or equal 0. Build metadata decides last, as it does in wasm-tools. */
export const compareVersions = (a: Version, b: Version): number => {
  for (const index of [0, 1, 2] as const) {
    if (a.numbers[index] !== b.numbers[index]) return a.numbers[index] < b.numbers[index] ? -1 : 1;
  }
  if (a.prerelease !== b.prerelease) {
    if (a.prerelease === '' || b.prerelease === '') return a.prerelease === '' ? 1 : -1;
    return compareSegments(a.prerelease, b.prerelease);
  }
  if (a.build === b.build) return 0;
  if (a.build === '' || b.build === '') return a.build === '' ? -1 : 1;
  return compareSegments(a.build, b.build);
};

const compareSegments = (a: string, b: string): number => {
  const [left, right] = [a.split('.'), b.split('.')];
  for (const [index, segment] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareSegment(segment, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
};

const compareSegment = (a: string, b: string): number => {
  if (a === b) return 0;
  const [isNumber, isOtherNumber] = [/^[0-9]+$/.test(a), /^[0-9]+$/.test(b)];
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  if (isNumber) {
    const [trimmed, other] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
    if (trimmed.length !== other.length) return trimmed.length - other.length;
    if (trimmed !== other) return trimmed < other ? -1 : 1;
    return a.length - b.length;
  }
  return a < b ? -1 : 1;
};
