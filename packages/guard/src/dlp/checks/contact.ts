// Addresses of persons and machines: mail, telephone, network.
import type { Range, Subject } from '../recognisers/recogniser.ts';
import { digitsOf } from './digits.ts';

/** The last label is letters, or an internationalised one; `git@host:path` is a place of code. */
export function isEmail({ text }: Subject, { start, end }: Range): boolean {
  const match = text.slice(start, end);
  const label = match.slice(match.lastIndexOf('.') + 1).toLowerCase();
  const isTop = label.startsWith('xn--') || (label.length >= 2 && !/[^a-z]/.test(label));
  const isCode = match.startsWith('git@') && text[end] === ':';
  return isTop && !isCode && !match.includes('-.') && !match.includes('.-');
}

/** Country calling codes of E.164 in their shortest form that tells them apart. */
const CALLING_CODES = new Set(
  (
    '1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 ' +
    '91 92 93 94 95 98 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239 ' +
    '240 241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269 290 ' +
    '291 297 298 299 350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 380 381 382 383 385 386 387 ' +
    '389 420 421 423 500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 597 598 599 670 672 673 674 675 676 ' +
    '677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 850 852 853 855 856 880 886 960 961 962 963 964 965 966 967 ' +
    '968 970 971 972 973 974 975 976 977 979 992 993 994 995 996 998'
  ).split(' '),
);

/** A known country and eight to fifteen digits in all. */
export function isPhone({ text }: Subject, { start, end }: Range): boolean {
  const digits = digitsOf(text.slice(start, end));
  return (
    digits.length >= 8 && digits.length <= 15 && [1, 2, 3].some((length) => CALLING_CODES.has(digits.slice(0, length)))
  );
}

/** Four numbers to 255 without leading zeros; not the address of nobody. */
export function isIpv4({ text }: Subject, { start, end }: Range): boolean {
  const parts = text.slice(start, end).split('.');
  const areBytes = parts.every((part) => Number(part) <= 255 && (part === '0' || part[0] !== '0'));
  return areBytes && parts.some((part) => part !== '0') && text[end] !== '.';
}

/** Eight groups, or fewer around one `::`. */
export function isIpv6({ text }: Subject, { start, end }: Range): boolean {
  const match = text.slice(start, end);
  const halves = match.split('::');
  const groups = match.split(':').filter((group) => group !== '');
  if (
    halves.length > 2 ||
    match.includes(':::') ||
    groups.some((group) => group.length > 4) ||
    /^:[^:]|[^:]:$/.test(match)
  )
    return false;
  const isWhole = halves.length === 1 ? groups.length === 8 : groups.length >= 2 && groups.length < 8;
  return isWhole && groups.some((group) => Number.parseInt(group, 16) > 0);
}

/** One separator throughout; not the address of nobody. */
export function isMac({ text }: Subject, { start, end }: Range): boolean {
  const match = text.slice(start, end);
  const separators = match.replace(/[0-9A-Fa-f]/g, '');
  return separators === (separators[0] as string).repeat(5) && /[1-9A-Fa-f]/.test(match);
}
