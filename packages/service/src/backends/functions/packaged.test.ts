// The deployable folders, run as their platforms run them: two instances at once, what they refuse, how they start. That
// they conform: cli/src/e2e/everywhere.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFunction } from '../../../../../scripts/functions/package.ts';
import { type Azurite, azuriteSkipReason, startAzurite } from '../../../../stores/src/testing/azurite.ts';
import { type ConditionalS3, startConditionalS3 } from '../../../../stores/src/testing/s3-conditional.ts';
import { type AzureApp, startAzureApp } from './testing/azure-emulator.ts';
import { type Lambda, startLambda } from './testing/lambda-emulator.ts';

const TOKEN = 'a token of the operator'.replaceAll(' ', '-');
const GUID = '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e';
const USERS = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };
const LONGEST_MS = 300_000;
/** Echo answers its own mark, so that a caller sees whose deploy counts. */
const sourceOf = (mark: string) =>
  `(define AGENT {:name "mark" :description "Says who deployed it" :parameters {:type "object" :properties {}}}) (define (run context args) "${mark}")`;

const root = mkdtempSync(join(tmpdir(), 'pypes-functions-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const CLOSED = { PYPES_TOKEN: TOKEN, PYPES_ALLOW_HOSTS: '127.0.0.1,localhost' };

async function post(
  url: string,
  path: string,
  body: unknown,
  headers: { readonly [name: string]: string } = AUTHORIZED,
) {
  const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as { readonly [key: string]: never } };
}

const deploy = (url: string, mark: string, pack_guid = GUID) =>
  post(url, '/api/pack/deploy', {
    schema: 'pack/1.0',
    pack_guid,
    name: mark,
    agents: [
      { filename: 'mark.lispy', source: sourceOf(mark) },
      { filename: 'other.lispy', source: sourceOf(mark).replace('"mark"', '"other"') },
      { filename: 'note.js', source: NOTE },
    ],
  });

const NOTE = `export const AGENT = { name: 'note', description: 'Notes', parameters: { type: 'object', properties: { key: { type: 'string' } } } };
export async function run(context, { key }) {
  await context.memory.set(key, 1);
  return (await context.memory.list()).length;
}`;

function testEndpoints(urls: () => readonly [string, string]): void {
  it(
    'lets one of two deploys at once win whole, and tells the other',
    async () => {
      const [one, two] = urls();
      const statuses: number[] = [];
      for (let round = 0; round < 8; round++) {
        const marks = [`one ${round}`, `two ${round}`] as const;
        const [first, second] = await Promise.all([deploy(one, marks[0]), deploy(two, marks[1])]);
        const won = [first, second].flatMap(({ status }, index) => (status === 200 ? [marks[index]] : []));
        for (const { status, body } of [first, second]) {
          statuses.push(status);
          expect([200, 409]).toContain(status);
          if (status === 409) expect(body).toMatchObject({ status: 'error', code: 'conflict' });
        }
        const said: unknown[] = [];
        for (const url of [one, two])
          for (const agent of ['mark', 'other'])
            said.push((await post(url, `/api/pack/${GUID}/agent`, { name: agent })).body.output);
        expect(new Set(said).size).toBe(1);
        expect(won).toContain(said[0]);
      }
      expect(statuses).toContain(409);
    },
    LONGEST_MS,
  );

  it(
    'keeps the memory that two users, and one user at two instances, write at once',
    async () => {
      const [one, two] = urls();
      await deploy(one, 'memory', USERS[0]);
      const note = (url: string, user_guid: string | undefined, key: string) =>
        post(url, `/api/pack/${USERS[0]}/agent`, { name: 'note', args: { key }, ...(user_guid && { user_guid }) });
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, index) => [
          note(one, USERS[0], `one${index}`),
          note(two, USERS[1], `two${index}`),
          note(one, undefined, `one${index}`),
          note(two, undefined, `two${index}`),
        ]).flat(),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      const count = async (user?: string) => (await note(one, user, 'last')).body.output;
      expect(await Promise.all([count(USERS[0]), count(USERS[1]), count()])).toEqual([7, 7, 13]);
    },
    LONGEST_MS,
  );

  it(
    'knows at every instance what was deployed and removed at another',
    async () => {
      const [one, two] = urls();
      const guid = '9b2d1c34-1111-4222-8333-444455556666';
      const call = async (url: string) => (await post(url, `/api/pack/${guid}/agent`, { name: 'mark' })).body;
      expect(await call(two)).toMatchObject({ status: 'error' });
      for (const mark of ['first', 'second', 'third']) {
        expect((await deploy(mark === 'second' ? two : one, mark, guid)).status).toBe(200);
        expect([await call(one), await call(two)]).toEqual([1, 2].map(() => ({ status: 'ok', output: mark })));
      }
      const removed = await fetch(`${two}/api/pack/${guid}`, { method: 'DELETE', headers: AUTHORIZED });
      expect(removed.status).toBe(200);
      for (const url of [one, two])
        expect((await post(url, `/api/pack/${guid}/agent`, { name: 'mark' })).status).toBe(404);
    },
    LONGEST_MS,
  );

  it(
    'runs a component',
    async () => {
      const [url] = urls();
      const bytes = readFileSync(join(import.meta.dirname, '../../../../../skills/checksums/component.wasm'));
      const agents = [{ filename: 'checksums.wasm', source_base64: bytes.toString('base64') }];
      const { body } = await post(url, '/api/pack/deploy', { schema: 'pack/1.0', name: 'checksums', agents });
      const headers = { authorization: `Bearer ${body.pack_token}` };
      const health = await fetch(`${url}/api/pack/${body.pack_guid}/healthz`, { headers });
      const { quarantined, agents: names } = (await health.json()) as { readonly [key: string]: readonly string[] };
      expect(quarantined).toBeUndefined();
      const name = names?.find((each) => each.includes('text'));
      const called = await post(url, `/api/pack/${body.pack_guid}/agent`, { name, args: { text: 'a' } }, headers);
      expect(called).toMatchObject({ status: 200, body: { status: 'ok', output: { crc32: 0xe8b7be43 } } });
    },
    LONGEST_MS,
  );

  it('is closed to whoever has no token, and to names that are not its own', async () => {
    const [url] = urls();
    expect((await post(url, '/api/pack/deploy', { schema: 'pack/1.0', agents: [] }, {})).status).toBe(401);
    const wrong = { authorization: 'Bearer wrong' };
    expect((await post(url, '/api/pack/deploy', { schema: 'pack/1.0', agents: [] }, wrong)).status).toBe(403);
    expect((await post(url, `/api/pack/${GUID}/agent`, { name: 'mark' }, {})).status).toBe(401);
  });
}

describe('AWS Lambda', () => {
  const folder = join(root, 'aws-lambda');
  let s3: ConditionalS3;
  let one: Lambda;
  let two: Lambda;
  let environment: { readonly [name: string]: string };

  beforeAll(async () => {
    s3 = await startConditionalS3();
    await packageFunction('aws-lambda', folder);
    environment = {
      ...CLOSED,
      PYPES_S3_BUCKET: s3.bucket,
      PYPES_S3_ENDPOINT: s3.endpoint,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: s3.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey,
    };
    one = await startLambda({ folder, environment });
    two = await startLambda({ folder, environment, instances: 1 });
  }, LONGEST_MS);
  afterAll(async () => {
    await Promise.all([one?.stop(), two?.stop()]);
    await s3?.stop();
  });

  testEndpoints(() => [one.url, two.url]);

  it('answers events that are no requests, and stays', async () => {
    for (const event of [{}, { source: 'aws.events' }, null, []]) {
      const result = (await one.invoke(event)) as { readonly statusCode: number; readonly body: string };
      expect(result.statusCode).toBe(400);
      expect(JSON.parse(result.body)).toMatchObject({ status: 'error' });
    }
    expect((await fetch(`${one.url}/api/pack/healthz`)).status).toBe(200);
  });

  it.each([
    [{ PYPES_TOKEN: '' }, 'PYPES_TOKEN'],
    [{ PYPES_TOKEN: 'short' }, 'PYPES_TOKEN'],
    [{ PYPES_ALLOW_HOSTS: '' }, 'PYPES_ALLOW_HOSTS'],
    [{ PYPES_S3_BUCKET: '' }, 'PYPES_S3_BUCKET'],
    [{ PYPES_ALLOW_HOSTS: '*' }, 'PYPES_ALLOW_HOSTS'],
  ])('does not start with %j', async (wrong, name) => {
    const start = startLambda({ folder, environment: { ...environment, ...wrong }, instances: 1 });
    await expect(start).rejects.toThrow(name);
  });
});

describe.skipIf(azuriteSkipReason !== undefined)(
  ['Azure Functions', azuriteSkipReason].filter(Boolean).join(': '),
  () => {
    const folder = join(root, 'azure-functions');
    let azurite: Azurite;
    let one: AzureApp;
    let two: AzureApp;
    let environment: { readonly [name: string]: string };

    beforeAll(async () => {
      azurite = await startAzurite();
      await packageFunction('azure-functions', folder);
      environment = {
        ...CLOSED,
        PYPES_BLOB_CONTAINER: await azurite.newContainer(),
        AzureWebJobsStorage: azurite.connectionString,
      };
      [one, two] = await Promise.all([startAzureApp(folder, environment), startAzureApp(folder, environment)]);
    }, LONGEST_MS);
    afterAll(async () => {
      await Promise.all([one?.stop(), two?.stop()]);
      await azurite?.stop();
    });

    testEndpoints(() => [one.url, two.url]);

    it('registers one function for every address, which the service guards itself', () => {
      expect(one.registered).toEqual({ functions: 1, route: '{*path}', authLevel: 'anonymous' });
    });

    it('takes the name that the platform gives it', async () => {
      const { PYPES_ALLOW_HOSTS: _hosts, ...rest } = environment;
      const app = await startAzureApp(folder, { ...rest, WEBSITE_HOSTNAME: '127.0.0.1' });
      expect((await fetch(`${app.url}/api/pack/healthz`)).status).toBe(200);
      await app.stop();
      await expect(startAzureApp(folder, rest)).rejects.toThrow('PYPES_ALLOW_HOSTS');
      await expect(startAzureApp(folder, { ...environment, PYPES_TOKEN: '' })).rejects.toThrow('PYPES_TOKEN');
    });
  },
);
