// What tells persons apart: addresses, telephone numbers, numbers that states give.
import { isEmail, isPhone } from '../checks/contact.ts';
import {
  isDateOfBirth,
  isDeSteuerId,
  isEsDni,
  isFrNir,
  isItCodiceFiscale,
  isNlBsn,
  isUkNino,
  isUsItin,
  isUsSsn,
} from '../checks/identity.ts';
import { keepDomain } from '../mask.ts';
import type { Recogniser } from './recogniser.ts';

/** Months by name, in the short and the long form. */
const MONTH = '(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}';

/** Identifiers of persons. */
export const PERSONAL: readonly Recogniser[] = [
  {
    id: 'email',
    pattern: '@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,5}',
    back: { set: "[A-Za-z0-9._%+'-]", most: 64 },
    notAfter: '[A-Za-z0-9_-]',
    check: isEmail,
    mask: keepDomain,
    hits: [
      'ann@example.com',
      'mailto:a.b+c@mail.example.co.uk.',
      '<ann@example.com>',
      "o'neil@xn--bcher-kva.example",
      'x@y.zz',
    ],
    misses: [
      'ann@localhost',
      '@example.com',
      'pkg@1.2.3',
      'git@github.com:org/repo',
      'a @b.com',
      'ann@example.c0m',
      '***@example.com',
    ],
  },
  {
    id: 'phone',
    pattern: '\\+\\d(?:[ .()/-]{0,2}\\d){6,14}',
    notBefore: '[A-Za-z0-9+]',
    notAfter: '[A-Za-z0-9]',
    check: isPhone,
    split: false,
    hits: ['+14155552671', '+1 (415) 555-2671', '+49 30 901820', 'tel:+44-20-7946-0958', '+358 9 1234567'],
    misses: ['14155552671', '+1234', 'x+14155552671', '+999 1234 5678', '+1234567890123456'],
  },
  {
    id: 'us-ssn',
    pattern: '\\d{3}[ -]\\d{2}[ -]\\d{4}|\\d{9}',
    check: isUsSsn,
    hits: ['123-45-6789', 'SSN 123 45 6789', 'ssn: 123456789', '{"ssn":"219099999"}', 'Social Security 856-45-6789'],
    misses: [
      '000-12-3456',
      '666-12-3456',
      '900-12-3456',
      '123-00-4567',
      '123-45-0000',
      '123456789',
      '123-45 6789',
      '123-45-67890',
    ],
  },
  {
    id: 'us-itin',
    pattern: '9\\d{2}[ -]\\d{2}[ -]\\d{4}|9\\d{8}',
    check: isUsItin,
    hits: ['912-70-1234', '900 50 0001', 'ITIN 912701234', '999-99-9999'],
    misses: ['912-49-1234', '912-66-1234', '912-93-1234', '812-70-1234', '912701234'],
  },
  {
    id: 'uk-nino',
    pattern: '(?i:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]) ?\\d{2} ?\\d{2} ?\\d{2} ?(?i:[A-D])',
    check: isUkNino,
    hits: ['AB123456C', 'AB 12 34 56 C', 'nino jg103759a'],
    misses: ['BG123456C', 'DA123456C', 'AB123456E', 'AB12345C', 'XAB123456C'],
  },
  {
    id: 'de-steuerid',
    pattern: '\\d{2} ?\\d{3} ?\\d{3} ?\\d{3}',
    check: isDeSteuerId,
    hits: ['86095742719', '47 036 892 816', 'IdNr. 65929970489'],
    misses: ['86095742710', '12345678901', '01234567899', '11111111111'],
  },
  {
    id: 'fr-nir',
    pattern: '[1-478] ?\\d{2} ?\\d{2} ?(?:\\d{2}|2[ABab]) ?\\d{3} ?\\d{3} ?\\d{2}',
    check: isFrNir,
    hits: ['255081416802538', '2 55 08 14 168 025 38', '2550814168025 38'],
    misses: ['255081416802539', '255131416802533', '555081416802538', '173219040012345'],
  },
  {
    id: 'es-dni',
    pattern: '\\d{8}[ -]?[A-Za-z]',
    check: isEsDni,
    hits: ['12345678Z', '12345678-z', 'DNI 00000001R'],
    misses: ['12345678A', '1234567Z', '123456789Z', '00000000T'],
  },
  {
    id: 'es-nie',
    pattern: '[XYZxyz][ -]?\\d{7}[ -]?[A-Za-z]',
    check: isEsDni,
    hits: ['X1234567L', 'Y-1234567-X', 'z1234567r'],
    misses: ['X1234567A', 'W1234567L', 'X123456L'],
  },
  {
    id: 'it-codice-fiscale',
    pattern: '(?i:[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z])',
    check: isItCodiceFiscale,
    hits: ['RSSMRA85T10A562S', 'cf rssmra85t10a562s', 'MRTMTT91D08F205J'],
    misses: ['RSSMRA85T10A562T', 'RSSMRA85F10A562S', 'RSSMRA85T10A562'],
  },
  {
    id: 'nl-bsn',
    pattern: '\\d{8,9}|\\d{4}[. ]\\d{2}[. ]\\d{3}',
    check: isNlBsn,
    split: false,
    hits: ['BSN 111222333', 'bsn: 123456782', 'burgerservicenummer 1112.22.333', '{"bsn":"999999990"}'],
    misses: ['111222333', 'BSN 111222334', 'BSN 000000000', 'absn 111222333'],
  },
  {
    id: 'date-of-birth',
    pattern: `\\d{4}[./-]\\d{1,2}[./-]\\d{1,2}|\\d{1,2}[./-]\\d{1,2}[./-]\\d{4}|\\d{1,2}\\.? ${MONTH},? \\d{4}|${MONTH} \\d{1,2},? \\d{4}`,
    check: isDateOfBirth,
    split: false,
    hits: [
      'born 1985-12-10',
      'DOB: 10/12/1985',
      'date of birth 10 December 1985',
      'birthday: Dec 10, 1985',
      '{"date_of_birth":"1985-12-10"}',
    ],
    misses: ['1985-12-10', 'borne by 1985-12-10', 'born 1885-12-10', 'dob 1985-42-99', 'dob 85-12-10'],
  },
];
