// A Worker starts closed: what opens it has to be said, what is said wrongly is refused, and no secret is repeated.
import { DEFAULT_LIMITS } from '@pypes/contract';
import { expect, it } from 'vitest';
import { LIMIT_SETTINGS } from '../config/limits.ts';
import { LIMIT_VARIABLES } from './limits.ts';
import { readWorkerSettings, SETTING_NAMES } from './settings.ts';

const TOKEN = 'a-token-of-the-operator';
const KEY = 'k'.repeat(32);
const HOSTS = { PYPES_ALLOW_HOSTS: 'A.example, b.example' };

it('asks for tokens, and lets in the names that were given', () => {
  const settings = readWorkerSettings({ ...HOSTS, PYPES_TOKEN: TOKEN, PYPES_ORIGINS: 'https://c.example', PACKS: {} });
  expect(settings).toMatchObject({
    auth: { required: true, operatorToken: TOKEN },
    hosts: ['a.example', 'b.example'],
    origins: ['https://c.example'],
    logLevel: 'info',
  });
  expect(settings.remote).toBeUndefined();
});

it('opens where that is said, and only then', () => {
  expect(readWorkerSettings({ ...HOSTS, PYPES_OPEN: 'true' }).auth).toEqual({ required: false, openDeploy: true });
  expect(readWorkerSettings({ ...HOSTS, PYPES_OPEN: 'false', PYPES_TOKEN: TOKEN }).auth.required).toBe(true);
});

it('takes numbers and truths for what they are', () => {
  const { auth, limits } = readWorkerSettings({ ...HOSTS, PYPES_OPEN: true, PYPES_LIMITS_CALL_MS: 5_000 });
  expect([auth.required, limits.callMs]).toEqual([false, 5_000]);
});

it.each([
  {},
  { PYPES_OPEN: 'true' },
  { ...HOSTS },
  { ...HOSTS, PYPES_TOKEN: 'short' },
  { ...HOSTS, PYPES_OPEN: '1' },
  { ...HOSTS, PYPES_OPEN: ['true'] },
  { ...HOSTS, PYPES_OPEN: 'true', PYPES_ORIGINS: '*' },
  { ...HOSTS, PYPES_OPEN: 'true', PYPES_ORIGINS: 'https://a.example/path' },
  { ...HOSTS, PYPES_OPEN: 'true', PYPES_LOG_LEVEL: 'all' },
  { ...HOSTS, PYPES_OPEN: 'true', PYPES_LIMITS_CALL_MS: 'long' },
  { ...HOSTS, PYPES_OPEN: 'true', PYPES_LIMITS_CALL_MS: '0' },
  { ...HOSTS, PYPES_OPEN: 'true', PYPES_LIMITS_CALL_MS: '-1' },
  { ...HOSTS, PYPES_OPEN: 'true', PYPES_LIMITS_CALL_MS: '1e9' },
  { PYPES_OPEN: 'true', PYPES_ALLOW_HOSTS: '*' },
  { PYPES_OPEN: 'true', PYPES_ALLOW_HOSTS: 'a.example:443' },
  { PYPES_OPEN: 'true', PYPES_ALLOW_HOSTS: 'https://a.example' },
  { ...HOSTS, PYPES_OPEN: 'true', PYPES_REMOTE_URL: 'https://a.example' },
  { ...HOSTS, PYPES_OPEN: 'true', PYPES_REMOTE_URL: 'https://a.example', PYPES_REMOTE_KEY: 'short' },
  { ...HOSTS, PYPES_OPEN: 'true', PYPES_REMOTE_URL: 'ftp://a.example', PYPES_REMOTE_KEY: KEY },
  { ...HOSTS, PYPES_OPEN: 'true', PYPES_REMOTE_URL: 'https://user:secret@a.example', PYPES_REMOTE_KEY: KEY },
  { ...HOSTS, PYPES_OPEN: 'true', PYPES_REMOTE_URL: 'https://a', PYPES_REMOTE_KEY: KEY, PYPES_REMOTE_CALLBACK: 'x' },
])('is refused: %j', (bindings) => {
  expect(() => readWorkerSettings(bindings)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});

it.each([
  { ...HOSTS, PYPES_TOKEN: 'secret-short' },
  { ...HOSTS, PYPES_OPEN: 'true', PYPES_REMOTE_URL: 'https://user:secret@a.example', PYPES_REMOTE_KEY: KEY },
  { ...HOSTS, PYPES_OPEN: 'true', PYPES_REMOTE_URL: 'https://a.example', PYPES_REMOTE_KEY: 'secret' },
])('what is refused repeats no secret: %j', (bindings) => {
  let message = 'secret: nothing was refused';
  try {
    readWorkerSettings(bindings);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).not.toContain('secret');
});

it('takes the other endpoint, and where that one reaches this Worker', () => {
  const bindings = { ...HOSTS, PYPES_OPEN: 'true', PYPES_REMOTE_URL: 'https://a.example', PYPES_REMOTE_KEY: KEY };
  const remote = { url: 'https://a.example', key: KEY, callback: 'https://a.example' };
  expect(readWorkerSettings(bindings).remote).toEqual(remote);
  expect(readWorkerSettings({ ...bindings, PYPES_REMOTE_CALLBACK: 'https://b.example/' }).remote?.callback).toBe(
    'https://b.example',
  );
});

it('reads every limit there is, by the name that it has everywhere', () => {
  const named = Object.keys(LIMIT_SETTINGS).map((name) => `PYPES_LIMITS_${name.toUpperCase()}`);
  expect([...LIMIT_VARIABLES].sort()).toEqual(named.sort());
  for (const [index, name] of LIMIT_VARIABLES.entries()) {
    const limits = readWorkerSettings({ ...HOSTS, PYPES_OPEN: 'true', [name]: String(index + 1) }).limits;
    expect(Object.values(limits)[index]).toBe(index + 1);
    expect(SETTING_NAMES).toContain(name);
  }
});

it('asks for no more than an isolate has', () => {
  const { limits } = readWorkerSettings({ ...HOSTS, PYPES_OPEN: 'true' });
  for (const [name, value] of Object.entries(limits))
    expect(value).toBeLessThanOrEqual(DEFAULT_LIMITS[name as keyof typeof DEFAULT_LIMITS]);
  expect(limits.bundleBytes).toBeLessThan(32 * 1024 * 1024);
});
