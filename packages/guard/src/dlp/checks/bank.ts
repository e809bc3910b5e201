// Bank accounts and routing numbers.
import type { Range, Subject } from '../recognisers/recogniser.ts';
import { alphanumeric, mod97, weighted } from './digits.ts';
import { isAnnounced } from './nearby.ts';

/** Country → length of its account numbers (the SWIFT registry of ISO 13616). */
const IBAN_LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
    'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 ' +
    'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
    'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** A known country, its length, and the check digits of ISO 7064. */
export function isIban({ text }: Subject, { start, end }: Range): boolean {
  const plain = alphanumeric(text.slice(start, end));
  if (IBAN_LENGTHS.get(plain.slice(0, 2)) !== plain.length) return false;
  return mod97(plain.slice(4) + plain.slice(0, 4)) === 1;
}

const BIC_WORDS = ['bic', 'swift'];
const COUNTRIES = new Set([
  ...IBAN_LENGTHS.keys(),
  ...'AU CA CN HK IN JP KR MX MY NZ PH SG TH TW US ZA AR CL CO PE ID VN NG KE'.split(' '),
]);

/** Announced by a word, with a country in its place. */
export function isBic(subject: Subject, match: Range): boolean {
  const plain = subject.text.slice(match.start, match.end).toUpperCase();
  return COUNTRIES.has(plain.slice(4, 6)) && isAnnounced(subject, match, BIC_WORDS);
}

const ROUTING_WORDS = ['aba', 'routing', 'rtn', 'routing_number', 'transit'];

/** Nine digits of a Federal Reserve district with the check digit, announced by a word. */
export function isAbaRouting(subject: Subject, match: Range): boolean {
  const digits = alphanumeric(subject.text.slice(match.start, match.end));
  const district = Number(digits.slice(0, 2));
  const isIssued = district <= 12 || (district >= 21 && district <= 32) || (district >= 61 && district <= 72);
  if (!isIssued && district !== 80) return false;
  return weighted(digits, [3, 7, 1]) % 10 === 0 && isAnnounced(subject, match, ROUTING_WORDS);
}
