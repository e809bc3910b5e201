// Numbers that states give to persons: what is issued, and the check digits.
import type { Range, Subject } from '../recognisers/recogniser.ts';
import { alphanumeric, isMod11and10, weighted } from './digits.ts';
import { isAnnounced } from './nearby.ts';

const plainOf = ({ text }: Subject, { start, end }: Range) => alphanumeric(text.slice(start, end));

/** Area not 000, 666 or 9xx, group not 00, serial not 0000; digits alone have to be announced by a word. */
export function isUsSsn(subject: Subject, match: Range): boolean {
  const digits = plainOf(subject, match);
  const [area, group, serial] = [digits.slice(0, 3), digits.slice(3, 5), digits.slice(5)];
  if (area === '000' || area === '666' || area >= '900' || group === '00' || serial === '0000') return false;
  return isSeparated(subject, match) ?? isAnnounced(subject, match, ['ssn', 'social', 'social_security_number']);
}

/** Begins with 9, and a group that is issued to taxpayers; digits alone have to be announced by a word. */
export function isUsItin(subject: Subject, match: Range): boolean {
  const digits = plainOf(subject, match);
  const group = Number(digits.slice(3, 5));
  const isIssued =
    group >= 50 && group !== 66 && group !== 67 && group !== 68 && group !== 69 && group !== 89 && group !== 93;
  if (digits[0] !== '9' || !isIssued) return false;
  return isSeparated(subject, match) ?? isAnnounced(subject, match, ['itin', 'taxpayer', 'tin']);
}

/** Whether both separators are the same; nothing when there are none. */
function isSeparated({ text }: Subject, { start, end }: Range): boolean | undefined {
  const separators = text.slice(start, end).replace(/[0-9]/g, '');
  return separators === '' ? undefined : separators[0] === separators[1];
}

/** Prefixes that are never given. */
const NO_NINO = new Set(['BG', 'GB', 'KN', 'NK', 'NT', 'TN', 'ZZ']);

/** A prefix that is given out. */
export function isUkNino(subject: Subject, match: Range): boolean {
  return !NO_NINO.has(plainOf(subject, match).slice(0, 2));
}

/** Eleven digits: of the first ten one is there twice or three times, the others once at most; MOD 11,10. */
export function isDeSteuerId(subject: Subject, match: Range): boolean {
  const digits = plainOf(subject, match);
  if (digits[0] === '0') return false;
  const counts = [...'0123456789'].map((digit) => digits.slice(0, 10).split(digit).length - 1);
  const repeated = counts.filter((count) => count > 1);
  return repeated.length === 1 && (repeated[0] as number) <= 3 && isMod11and10(digits);
}

/** Sex, year, month, department, and 97 less the rest; Corsica's 2A and 2B count as 19 and 18. */
export function isFrNir(subject: Subject, match: Range): boolean {
  const plain = plainOf(subject, match);
  const month = Number(plain.slice(3, 5));
  const isMonth = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
  const number = Number(plain.slice(0, 13).replace('2A', '19').replace('2B', '18'));
  return isMonth && 97 - (number % 97) === Number(plain.slice(13));
}

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** The letter is the rest by 23; X, Y and Z of foreigners' numbers count as 0, 1 and 2. */
export function isEsDni(subject: Subject, match: Range): boolean {
  const plain = plainOf(subject, match);
  const foreign = 'XYZ'.indexOf(plain[0] as string);
  const number = Number(foreign < 0 ? plain.slice(0, -1) : `${foreign}${plain.slice(1, -1)}`);
  return number > 0 && DNI_LETTERS[number % 23] === plain.at(-1);
}

/** What characters in odd places count for, from 0 (as A) to 9 (as J), then K to Z. */
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** The last letter is the rest by 26 of all others, which count by their places. */
export function isItCodiceFiscale(subject: Subject, match: Range): boolean {
  const plain = plainOf(subject, match);
  let sum = 0;
  for (let at = 0; at < 15; at++) {
    const value = Number.parseInt(plain[at] as string, 36);
    const index = value > 9 ? value - 10 : value;
    sum += at % 2 === 0 ? (ODD[index] as number) : index;
  }
  return plain.charCodeAt(15) - 65 === sum % 26;
}

/** The eleven test, announced by a word. */
export function isNlBsn(subject: Subject, match: Range): boolean {
  const digits = plainOf(subject, match).padStart(9, '0');
  if (Number(digits) === 0 || weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 !== 0) return false;
  return isAnnounced(subject, match, ['bsn', 'burgerservicenummer', 'sofi', 'sofinummer', 'citizen_service_number']);
}

const BIRTH_WORDS = [
  'born',
  'birth',
  'birthday',
  'birthdate',
  'birth_date',
  'date_of_birth',
  'dateofbirth',
  'dob',
  'geboren',
  'geburtsdatum',
  'né',
  'née',
  'nacimiento',
  'nascita',
]; // The words of the languages whose numbers are known here.

/** A date that a word of birth announces. */
export function isDateOfBirth(subject: Subject, match: Range): boolean {
  const numbers = subject.text
    .slice(match.start, match.end)
    .split(/[^0-9]/)
    .filter((part) => part !== '')
    .map(Number);
  const days = numbers.filter((number) => number >= 1 && number <= 31);
  const year = numbers.find((number) => number >= 1900 && number <= 2100);
  return year !== undefined && days.length === numbers.length - 1 && isAnnounced(subject, match, BIRTH_WORDS);
}
