// Finds the version that satisfies every range, because ^, ~ and pre-releases are easily misread.
type Version = { readonly text: string; readonly numbers: readonly number[]; readonly pre: readonly string[] };
type Bound = Version & { readonly accepts: (order: number) => boolean };
type Args = { versions: string[]; ranges: string[]; prefer?: 'highest' | 'lowest'; include_prerelease?: boolean };

export const AGENT = {
  name: 'semver-resolve',
  description:
    'Picks the version that satisfies all given semantic-version ranges (npm syntax) and sorts those that do. Use it to choose a ' +
    'dependency, to see whether two requirements can be met together, or to sort version numbers (range *).',
  parameters: { type: 'object', required: ['versions', 'ranges'], additionalProperties: false, properties: {
    versions: { type: 'array', items: { type: 'string', maxLength: 256 }, minItems: 1, maxItems: 10000, description: 'The versions to choose from, such as 1.4.2 or v2.0.0-rc.1' },
    ranges: { type: 'array', items: { type: 'string', maxLength: 256 }, minItems: 1, maxItems: 100, description: 'All of these must hold: ^1.2.3, ~1.2, 1.x, >=1.2 <2, 1.2 - 1.4, ^1 || ^2, *' },
    prefer: { type: 'string', enum: ['highest', 'lowest'], default: 'highest', description: 'Which of the matching versions is best' },
    include_prerelease: { type: 'boolean', default: false, description: 'Let pre-releases match like others; else only where a range names one of the same number' },
  } },
  returns: { type: 'object', required: ['best', 'matching', 'unmet'], additionalProperties: false, properties: {
    best: { type: ['string', 'null'] }, matching: { type: 'array', items: { type: 'string' }, description: 'All that satisfy every range, best first' },
    unmet: { type: 'array', items: { type: 'string' }, description: 'Ranges that no version satisfies; where empty and best is null, the ranges contradict each other' },
  } },
  examples: [
    { args: { versions: ['1.2.0', '1.10.1', '1.9.3', '2.0.0', '2.0.0-rc.1'], ranges: ['^1.2.3', '<1.10 || >=2'] }, returns: { best: '1.9.3', matching: ['1.9.3'], unmet: [] } },
    { args: { versions: ['0.2.9', '0.3.0'], ranges: ['^0.2.1', '~0.4'] }, returns: { best: null, matching: [], unmet: ['~0.4'] } },
    { args: { versions: ['1.0.0', '1.0.0-beta.11', '1.0.0-beta.2', '1.0.0-alpha'], ranges: ['>=1.0.0-beta'], prefer: 'lowest' },
      returns: { best: '1.0.0-beta.2', matching: ['1.0.0-beta.2', '1.0.0-beta.11', '1.0.0'], unmet: [] } },
  ],
};

export function run(_context: unknown, { versions, ranges, prefer = 'highest', include_prerelease: anyPre = false }: Args) {
  const sign = prefer === 'highest' ? -1 : 1;
  const sorted = versions.map(toVersion).sort((a, b) => sign * compare(a, b));
  const tests = ranges.map((range) => toTest(range, anyPre));
  const matching = sorted.filter((version) => tests.every((test) => test(version))).map(({ text }) => text);
  return { best: matching[0] ?? null, matching, unmet: ranges.filter((_, index) => !sorted.some(tests[index]!)) };
}

const NUMBER = String.raw`(0|[1-9]\d{0,14})`;
const IDENTIFIER = String.raw`(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)`;
const SUFFIX = String.raw`(?:-(${IDENTIFIER}(?:\.${IDENTIFIER})*))?(?:\+[0-9A-Za-z.-]+)?`;
const PART = NUMBER.replace(')', '|[xX*])');
const VERSION = new RegExp(String.raw`^v?${NUMBER}\.${NUMBER}\.${NUMBER}${SUFFIX}$`);
const COMPARATOR = new RegExp(String.raw`^(\^|~>?|>=|<=|>|<|=)?v?${PART}(?:\.${PART}(?:\.${PART}${SUFFIX})?)?$`);

function toVersion(text: string): Version {
  const [, major, minor, patch, pre] = VERSION.exec(text.trim()) ?? [];
  if (major === undefined) throw new Error(`"${text}" is no semantic version; write major.minor.patch, such as 1.4.2 or 2.0.0-rc.1`);
  return { text, numbers: [Number(major), Number(minor), Number(patch)], pre: pre?.split('.') ?? [] };
}

function compare(a: Version, b: Version): number {
  for (const [index, number] of a.numbers.entries()) if (number !== b.numbers[index]) return number - b.numbers[index]!;
  if (a.pre.length === 0 || b.pre.length === 0) return b.pre.length - a.pre.length;
  const at = a.pre.findIndex((identifier, index) => identifier !== b.pre[index]);
  const [left, right] = [a.pre[at], b.pre[at]];
  if (left === undefined || right === undefined) return a.pre.length - b.pre.length;
  const [isNumber, isOther] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (isNumber !== isOther) return isNumber ? -1 : 1;
  return (isNumber && left.length - right.length) || (left < right ? -1 : 1);
}

/** Alternatives of bounds; a pre-release must be named by a bound of its own number unless all may match. */
function toTest(range: string, anyPre: boolean): (version: Version) => boolean {
  const alternatives = range.split('||').map((text) => {
    const [, from, to] = /^\s*([^\s<>=^~]+)\s+-\s+([^\s<>=^~]+)\s*$/.exec(text) ?? [];
    const parts = from === undefined ? text.trim().replace(/([\^~>=<])\s+/g, '$1').split(/\s+/) : [`>=${from}`, `<=${to}`];
    return parts.flatMap((part) => toBounds(part, range, anyPre));
  });
  const isNamed = (version: Version, bounds: Bound[]) => bounds.some((bound) => bound.pre.length > 0 && bound.numbers.join() === version.numbers.join());
  return (version) =>
    alternatives.some((bounds) => bounds.every((bound) => bound.accepts(compare(version, bound))) && (anyPre || version.pre.length === 0 || isNamed(version, bounds)));
}

function toBounds(part: string, range: string, anyPre: boolean): Bound[] {
  if (part === '') return [];
  const [whole, op = '=', ...rest] = COMPARATOR.exec(part) ?? [];
  if (whole === undefined) throw new Error(`The range "${range}" is not understood at "${part}"; write such as ^1.2.3, ~1.2, 1.x, >=1.2 <2 or 1.2 - 1.4`);
  const given = rest.slice(0, 3).findIndex((text) => text === undefined || /[xX*]/.test(text));
  const known = given < 0 ? 3 : given;
  const numbers = [0, 1, 2].map((index) => (index < known ? Number(rest[index]) : 0));
  if (known === 0) return op === '<' || op === '>' ? [{ text: '', numbers, pre: ['0'], accepts: () => false }] : [];
  const low: Version = { text: '', numbers, pre: known < 3 ? (anyPre ? ['0'] : []) : rest[3]?.split('.') ?? [] };
  const firstSet = numbers.findIndex((number) => number > 0);
  const caret = firstSet < 0 || firstSet >= known ? known - 1 : firstSet;
  const step = op === '^' ? caret : op[0] === '~' ? Math.min(known - 1, 1) : known - 1;
  const above = numbers.map((number, index) => (index < step ? number : index === step ? number + 1 : 0));
  const high: Version = { text: '', numbers: above, pre: ['0'] };
  const [from, below]: [Bound, Bound] = [{ ...low, accepts: (order) => order >= 0 }, { ...high, accepts: (order) => order < 0 }];
  if (op === '>=') return [from];
  if (op === '<') return [{ ...low, pre: known < 3 ? ['0'] : low.pre, accepts: (order) => order < 0 }];
  if (op === '>') return known < 3 ? [{ ...high, pre: anyPre ? ['0'] : [], accepts: (order) => order >= 0 }] : [{ ...low, accepts: (order) => order > 0 }];
  if (op === '<=') return known < 3 ? [below] : [{ ...low, accepts: (order) => order <= 0 }];
  return op === '=' && known === 3 ? [{ ...low, accepts: (order) => order === 0 }] : [from, below];
}

// Alone: node semver-resolve.ts '{"versions": […], "ranges": […]}', or --agent
if (import.meta.main) {
  const [arg = '{}'] = process.argv.slice(2);
  console.log(JSON.stringify(arg === '--agent' ? AGENT : run({}, JSON.parse(arg)), null, 2));
}
