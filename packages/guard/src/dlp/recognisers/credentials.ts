// Secrets without a shape of their own: known by the words, the scheme or the marks around them.
import {
  assignedKey,
  assignedPassword,
  isAwsSecret,
  isBasicAuth,
  looksRandom,
  passwordInUrl,
  privateKey,
} from '../checks/secret.ts';
import type { Recogniser } from './recogniser.ts';

const sample = (...parts: readonly string[]) => parts.join('');
const R40 = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLE12';
const R32 = 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF';
/** What stands between a name and its value. */
const ASSIGNED = '[A-Za-z0-9_-]{0,24}["\']?[ \\t]{0,3}[:=]=?>?[ \\t]{0,3}["\']?';
const KEY_NAMES = [
  'api[_ -]?key',
  'access[_ -]?key',
  'account[_ -]?key',
  'secret',
  'token',
  'auth',
  'credential',
  'private[_ -]?key',
  'signing[_ -]?key',
  'encryption[_ -]?key',
];
const PASSWORD_NAMES = ['password', 'passwd', 'passphrase', 'pwd'];

/** Credentials by what stands around them. */
export const CREDENTIALS: readonly Recogniser[] = [
  {
    id: 'secrets',
    rule: 'private-key',
    pattern: '-----BEGIN [A-Z0-9 ]{0,24}PRIVATE KEY(?: BLOCK)?-----',
    notBefore: '[\\0]',
    notAfter: '[\\0]',
    check: privateKey,
    hits: [
      sample('-----BEGIN RSA PRIVATE ', 'KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----'),
      sample('-----BEGIN PRIVATE ', 'KEY-----\nMIIEvQ'),
      sample('-----BEGIN OPENSSH PRIVATE ', 'KEY-----'),
      sample('-----BEGIN PGP PRIVATE ', 'KEY BLOCK-----'),
    ],
    misses: ['-----BEGIN PUBLIC KEY-----\nMIIBIjANBg', '-----BEGIN CERTIFICATE-----', 'BEGIN PRIVATE KEY'],
  },
  {
    id: 'secrets',
    rule: 'aws-secret-access-key',
    split: false,
    pattern: '[A-Za-z0-9/+]{40}',
    notBefore: '[A-Za-z0-9/+=_-]',
    notAfter: '[A-Za-z0-9/+=_-]',
    check: isAwsSecret,
    hits: [
      sample('AKIA', 'IOSFODNN7EXAMPLE ', R40),
      sample('aws: ', R40),
      sample('{"SecretAccess":"', R40, '", "secret":1}'),
    ],
    misses: [R40, `aws ${'a'.repeat(40)}`, 'aws 0123456789abcdef0123456789abcdef01234567'],
  },
  {
    id: 'secrets',
    rule: 'azure-storage-key',
    pattern: '(?i:AccountKey)=[A-Za-z0-9+/]{86}==',
    notBefore: '[A-Za-z0-9]',
    hits: [sample('AccountName=a;AccountKey', '=', R40, R40, 'abcdef', '==;')],
    misses: ['AccountKey=short=='],
  },
  {
    id: 'secrets',
    rule: 'azure-shared-access-signature',
    pattern: '[?&;]sig=[A-Za-z0-9%+/]{40}',
    notBefore: '[\\0]',
    notAfter: '[\\0]',
    tail: '[A-Za-z0-9%+/=]',
    hits: [sample('https://a.blob.core.windows.net/c?sv=2022&sig', '=', R40, '%3D')],
    misses: ['?sig=short'],
  },
  {
    id: 'secrets',
    rule: 'password-in-url',
    pattern: '://[^\\s/:@"\'<>]{0,64}:[^\\s/@"\'<>]{1,128}@',
    notBefore: '[\\0]',
    notAfter: '[\\s]',
    check: passwordInUrl,
    hits: [
      'https://ann:hunter2@example.com/',
      'postgres://app:s3cr3t!@db.internal:5432/app',
      'redis://:p4ss@cache:6379',
    ],
    misses: [
      'https://example.com:8080/a@b',
      'https://ann@example.com',
      sample('postgres://app:$', '{PASSWORD}@db'),
      'http://a:b c@d',
    ],
  },
  {
    id: 'secrets',
    rule: 'bearer-token',
    split: false,
    pattern: '(?i:bearer) [A-Za-z0-9._~+/-]{20}',
    notAfter: '[\\0]',
    tail: '[A-Za-z0-9._~+/=-]',
    check: looksRandom,
    hits: [sample('Authorization: Bearer ', R32)],
    misses: ['the bearer of-this-letter-and-all-others', 'Bearer short1'],
  },
  {
    id: 'secrets',
    rule: 'basic-credentials',
    split: false,
    pattern: '(?i:basic) [A-Za-z0-9+/]{8,256}={0,2}',
    notAfter: '[A-Za-z0-9+/=]',
    check: isBasicAuth,
    hits: ['Authorization: Basic YW5uOmh1bnRlcjI='],
    misses: ['a basic understanding', 'basic characteristics'],
  },
  {
    id: 'secrets',
    rule: 'assigned-key',
    split: false,
    pattern: KEY_NAMES.map((name) => `(?i:${name})${ASSIGNED}[A-Za-z0-9._~+/-]{16}`).join('|'),
    notBefore: '[\\0]',
    notAfter: '[\\0]',
    tail: '[A-Za-z0-9._~+/-]',
    check: assignedKey,
    hits: [
      `api_key = "${R32}"`,
      `API-KEY: ${R32}`,
      `{"client_secret":"${R32}"}`,
      `export GITHUB_TOKEN=${R32}`,
      `access_key => '${R32}'`,
      'credential=0123456789abcdef0123456789abcdef',
    ],
    misses: [
      'api_key = "your_api_key_goes_here"',
      'token: this-is-a-sentence-of-words',
      'token_count = 1234567890123456789',
      `secret sauce ${R32}`,
      'api_key = aaaaaaaaaaaaaaaaaaaa1',
    ],
  },
  {
    id: 'secrets',
    rule: 'assigned-password',
    split: false,
    pattern: PASSWORD_NAMES.map((name) => `(?i:${name})${ASSIGNED}[^\\s"'<>;,&=:|]{6}`).join('|'),
    notBefore: '[\\0]',
    notAfter: '[\\0]',
    tail: '[^\\s"\'<>;,&=:|]',
    check: assignedPassword,
    hits: [
      'password: hunter2',
      'Server=db;User=sa;Password=S3cr3t!x;',
      "PWD='p4ssw0rd'",
      'DB_PASSWORD=correct-h0rse',
      '{"password":"Tr0ub4dor&3"}',
    ],
    misses: [
      'password: required',
      'password = getPassword()',
      sample('password: $', '{DB_PASSWORD}'),
      'password=xxxxxxxx',
      'passwords are long',
    ],
  },
];
