// Bank accounts, and addresses of digital coins.
import { isAbaRouting, isBic, isIban } from '../checks/bank.ts';
import { isBase58Address, isBech32Address } from '../checks/coins.ts';
import type { Recogniser } from './recogniser.ts';

/** Where money lies. */
export const ACCOUNTS: readonly Recogniser[] = [
  {
    id: 'iban',
    pattern: '[A-Za-z]{2}\\d{2}(?:[ -]?[A-Za-z0-9]){11,30}',
    check: isIban,
    hits: [
      'GB82WEST12345698765432',
      'DE89 3704 0044 0532 0130 00',
      'iban: fr1420041010050500013m02606 (main)',
      'NO9386011117947',
      'MT84MALT011000012345MTLCAST001S',
      'NL91-ABNA-0417-1643-00',
      'CH93 0076 2011 6238 5295 7 and more',
    ],
    misses: [
      'GB82WEST12345698765431',
      'GB82WEST1234569876543',
      'ZZ82WEST12345698765432',
      'XGB82WEST12345698765432',
      'DE89 3704 0044',
    ],
  },
  {
    id: 'bic',
    pattern: '[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?',
    check: isBic,
    split: false,
    hits: ['BIC DEUTDEFF', 'swift: NEDSZAJJXXX'],
    misses: ['DEUTDEFF', 'BIC DOCUZZNT', 'BIC DEUTDEF'],
  },
  {
    id: 'aba-routing',
    pattern: '\\d{9}|\\d{4}-\\d{4}-\\d',
    check: isAbaRouting,
    split: false,
    hits: ['routing number 021000021', 'ABA: 011401533', '{"routing_number":"121000248"}', 'aba 1210-0024-8'],
    misses: ['021000021', 'routing 021000022', 'routing 991000021', 'aba 000000000'],
  },
  {
    id: 'bitcoin-address',
    rule: 'base58',
    pattern: '[13][1-9A-HJ-NP-Za-km-z]{25,34}',
    check: isBase58Address,
    hits: ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', 'pay 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy now'],
    misses: ['1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb', '1A1zP1eP5QGefi2DMPTfTL5S'],
  },
  {
    id: 'bitcoin-address',
    rule: 'bech32',
    pattern: '(?i:bc1[02-9ac-hj-np-z]{11,71})',
    check: isBech32Address,
    hits: ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4', 'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4'],
    misses: ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5', 'bc1qw508'],
  },
  {
    id: 'ethereum-address',
    // Its checksum is in the case of the letters and needs Keccak; the shape alone is rare enough.
    pattern: '0x[0-9a-fA-F]{40}',
    hits: ['0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe', 'to 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed.'],
    misses: [
      '0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BA',
      '0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe0',
      '0x0000000000000000000000000000000000000000',
    ],
  },
];
