// A function starts closed: what opens it has to be said, and what is said wrongly is refused.
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readAzurePlace, readS3Place } from './places.ts';
import { readFunctionSettings } from './settings.ts';

const TOKEN = 'a-token-of-the-operator';
const read = (environment: { readonly [name: string]: string }, platformHosts: readonly string[] = []) =>
  readFunctionSettings({ environment, folder: tmpdir(), platformHosts, mostOutputBytes: 1_000 });

describe('the settings of a function', () => {
  it('ask for tokens, and let the names in that were given', async () => {
    const given = { PYPES_TOKEN: TOKEN, PYPES_ALLOW_HOSTS: 'A.example,b.example', PYPES_ORIGINS: 'https://c.example' };
    expect(await read(given, ['App.azurewebsites.net'])).toMatchObject({
      auth: { required: true, operatorToken: TOKEN },
      hosts: ['app.azurewebsites.net', 'a.example', 'b.example'],
      origins: ['https://c.example'],
      limits: { outputBytes: 1_000 },
    });
  });

  it('open the endpoint where that is said, and only then', async () => {
    const { auth } = await read({ PYPES_OPEN: 'true', PYPES_ALLOW_HOSTS: 'a.example' });
    expect(auth).toEqual({ required: false, openDeploy: true });
    const closed = await read({ PYPES_OPEN: 'false', PYPES_TOKEN: TOKEN, PYPES_ALLOW_HOSTS: 'a.example' });
    expect(closed.auth.required).toBe(true);
  });

  it.each([
    [{}],
    [{ PYPES_ALLOW_HOSTS: 'a.example' }],
    [{ PYPES_ALLOW_HOSTS: 'a.example', PYPES_TOKEN: 'short' }],
    [{ PYPES_ALLOW_HOSTS: 'a.example', PYPES_OPEN: '1' }],
    [{ PYPES_ALLOW_HOSTS: 'a.example', PYPES_OPEN: 'false' }],
    [{ PYPES_TOKEN: TOKEN }],
    [{ PYPES_TOKEN: TOKEN, PYPES_ALLOW_HOSTS: '*' }],
    [{ PYPES_TOKEN: TOKEN, PYPES_ALLOW_HOSTS: 'a.example,*.example' }],
    [{ PYPES_TOKEN: TOKEN, PYPES_ALLOW_HOSTS: 'a.example', PYPES_LIMITS_CALL_MS: 'long' }],
  ] as { readonly [name: string]: string }[][])('are refused: %j', async (environment) => {
    await expect(read(environment as never)).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('the place of a function', () => {
  it('is a bucket', () => {
    expect(
      readS3Place({ PYPES_S3_BUCKET: 'b', AWS_REGION: 'r', PYPES_S3_PREFIX: 'p/', PYPES_PACK_AGE_MS: '0' }),
    ).toEqual({
      bucket: 'b',
      region: 'r',
      prefix: 'p/',
      mostAgeMs: 0,
    });
    expect(readS3Place({ PYPES_S3_BUCKET: 'b', AWS_REGION: 'r', PYPES_S3_ENDPOINT: 'http://s' })).toMatchObject({
      endpoint: 'http://s',
      forcePathStyle: true,
    });
  });

  it('is a container', () => {
    expect(readAzurePlace({ PYPES_BLOB_URL: 'https://a/c', AzureWebJobsStorage: 'x' })).toEqual({ url: 'https://a/c' });
    expect(readAzurePlace({ AzureWebJobsStorage: 'x', PYPES_BLOB_PREFIX: 'p/' })).toEqual({
      connectionString: 'x',
      container: 'pypes',
      prefix: 'p/',
    });
    expect(readAzurePlace({ PYPES_BLOB_CONNECTION: 'y', AzureWebJobsStorage: 'x', PYPES_BLOB_CONTAINER: 'c' })).toEqual(
      {
        connectionString: 'y',
        container: 'c',
      },
    );
  });

  it('is refused where it is not said, or said wrongly', () => {
    for (const wrong of [
      () => readS3Place({ AWS_REGION: 'r' }),
      () => readS3Place({ PYPES_S3_BUCKET: 'b' }),
      () => readS3Place({ PYPES_S3_BUCKET: 'b', AWS_REGION: 'r', PYPES_PACK_AGE_MS: '-1' }),
      () => readAzurePlace({}),
      () => readAzurePlace({ AzureWebJobsStorage: 'x', PYPES_PACK_AGE_MS: 'soon' }),
    ])
      expect(wrong).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});
