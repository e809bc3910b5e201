// What is in deploy/ is what `pypes serve` and `pypes worker` take: read as they read it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '@pypes/service/config';
import { expect, test } from 'vitest';

const DEPLOY = join(import.meta.dirname, '../../../../deploy');
/** What is secret, and comes from the environment alone. */
const SECRETS = {
  PYPES_DATABASE_URL: 'postgres://pypes:secret@postgres:5432/pypes',
  PYPES_OPERATOR_TOKEN: 'a-token-that-is-long-enough-to-be-one',
  PYPES_TOKEN: 'another-token-that-is-long-enough',
  PYPES_ENGINE_IDENTITY_KEYS: 'publickeyv1_w7YHemBctH5Ck2nQRQ47iBBqhNHy4FV7t2Usbye2A6f',
  AWS_ACCESS_KEY_ID: 'key',
  AWS_SECRET_ACCESS_KEY: 'secret',
};
const SHARED = {
  service: { folders: ['/agents'], root: '/var/lib/pypes', host: '0.0.0.0', port: 7080 },
  auth: { mode: 'static_token', tokens: [{ name: 'operator', scopes: ['admin'], tenants: ['*'] }] },
  store: { kind: 'postgres', urlEnv: 'PYPES_DATABASE_URL' },
  artifacts: { kind: 's3' },
  engine: { kind: 'restate', concurrency: 16, maxAttempts: 5, worker: { host: '0.0.0.0', port: 9080 } },
};
const IDENTITY = { identityKeys: [SECRETS.PYPES_ENGINE_IDENTITY_KEYS] };

test('pypes.toml', async () => {
  const { config } = await readConfig({ file: join(DEPLOY, 'pypes.toml'), folder: '/', environment: SECRETS });
  expect(config).toMatchObject(SHARED);
  expect(config.engine).toMatchObject({ worker: { ...IDENTITY, url: 'http://balancer:9080' } });
});

test('pypes.toml without its secrets is refused', async () => {
  await expect(readConfig({ file: join(DEPLOY, 'pypes.toml'), folder: '/', environment: {} })).rejects.toMatchObject({
    code: 'invalid_request',
  });
});

test('kubernetes/config.yaml: the environment alone', async () => {
  const environment = { ...SECRETS, ...variablesOf(readFileSync(join(DEPLOY, 'kubernetes/config.yaml'), 'utf8')) };
  const { config, file } = await readConfig({ folder: DEPLOY.replace(/\/deploy$/, '/docs'), environment });
  expect(file).toBeUndefined();
  expect(config).toMatchObject(SHARED);
  expect(config.engine).toMatchObject({ worker: { ...IDENTITY, url: 'http://worker:9080' } });
});

/** Of the first document: `NAME: value`, as YAML has it. */
function variablesOf(text: string): { readonly [name: string]: string } {
  const [first = ''] = text.split('\n---\n');
  const lines = [...first.matchAll(/^ {2}(PYPES_\w+): (.*)$/gm)];
  return Object.fromEntries(lines.map(([, name = '', value = '']) => [name, value.replace(/^(['"])(.*)\1$/, '$2')]));
}
