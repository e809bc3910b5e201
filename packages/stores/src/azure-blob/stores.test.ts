// The shared suites and the laws of shared stores in Azurite, and the identity of an app against an endpoint of its kind.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Azurite, azuriteSkipReason, startAzurite } from '../testing/azurite.ts';
import { testSharedStores } from '../testing/shared-stores.ts';
import { bytesOf, GUID, manifestOf, testMemoryStore, testPackStore } from '../testing/suites.ts';
import { createAzureBlobStores } from './index.ts';
import { createManagedIdentity } from './managed-identity.ts';

let azurite: Azurite;
let container: string;
let prefixes = 0;

const optionsOf = (prefix = `store-${prefixes++}/`) => ({
  connectionString: azurite.connectionString,
  container,
  prefix,
});

describe.skipIf(azuriteSkipReason !== undefined)(
  ['Azure Blob Storage', azuriteSkipReason].filter(Boolean).join(': '),
  () => {
    beforeAll(async () => {
      azurite = await startAzurite();
      container = await azurite.newContainer();
    });
    afterAll(() => azurite?.stop());

    testPackStore('Azure Blob', () => createAzureBlobStores(optionsOf()).packs);
    testMemoryStore('Azure Blob', () => createAzureBlobStores(optionsOf()).memory);
    testSharedStores('Azure Blob', {
      newPlace: async () => ({ driver: 'azure-blob', options: optionsOf() }),
      open: (place, more) => createAzureBlobStores({ ...(place.options as ReturnType<typeof optionsOf>), ...more }),
    });

    it('takes names of files that lists and paths cannot say', async () => {
      const { packs } = createAzureBlobStores(optionsOf());
      const names = ['a b.py', 'ü.py', 'a%2fb.py', '%.py', '..', '.', 'a#?.py', "a'b.py", 'a+.py', 'a..', 'x.'];
      await packs.put(GUID, {
        manifest: manifestOf('one'),
        files: names.map((filename) => ({ filename, bytes: bytesOf(filename) })),
      });
      expect((await packs.get(GUID))?.files.map(({ filename }) => filename)).toEqual([...names].sort());
    });

    it('says what is missing, without a key', async () => {
      const nowhere = createAzureBlobStores({ ...optionsOf(), container: 'no-such-container' });
      for (const ask of [
        () => nowhere.packs.list(),
        () => nowhere.packs.get(GUID),
        () => nowhere.memory.update({ packGuid: GUID }, () => ({ a: 1 })),
      ])
        await expect(ask()).rejects.toMatchObject({
          code: 'unavailable',
          message: expect.not.stringContaining('AccountKey'),
        });
      const wrongKey = azurite.connectionString.replace(/AccountKey=.../, 'AccountKey=AAA');
      const stranger = createAzureBlobStores({ connectionString: wrongKey, container });
      await expect(stranger.packs.list()).rejects.toMatchObject({ code: 'unavailable' });
    });
  },
);

describe('an address', () => {
  it.each([[{ connectionString: 'AccountKey=secret', container: 'c' }], [{ url: 'nowhere' }]])(
    'that is none is refused: %j',
    (options) => {
      const open = () => createAzureBlobStores(options);
      expect(open).toThrow(expect.objectContaining({ code: 'invalid_request' }));
      expect(open).toThrow(expect.not.objectContaining({ message: expect.stringContaining('secret') }));
    },
  );
});

describe('the identity of an app', () => {
  const env = { IDENTITY_ENDPOINT: 'http://127.0.0.1:4141/msi/token', IDENTITY_HEADER: 'h' };
  const answer =
    (body: unknown, status = 200) =>
    async () =>
      Response.json(body, { status });

  it('is a token of the endpoint that the environment names', async () => {
    const asked: [string, RequestInit][] = [];
    const fetch = async (url: string, init: RequestInit) => {
      asked.push([url, init]);
      return Response.json({ access_token: 't', expires_on: '1700000000' });
    };
    const identity = createManagedIdentity({ env: { ...env, AZURE_CLIENT_ID: 'me' }, fetch });
    expect(await identity.getToken('https://storage.azure.com/.default')).toEqual({
      token: 't',
      expiresOnTimestamp: 1_700_000_000_000,
    });
    const { searchParams } = new URL(asked[0]?.[0] ?? '');
    expect(Object.fromEntries(searchParams)).toMatchObject({ resource: 'https://storage.azure.com', client_id: 'me' });
    expect(asked[0]?.[1].headers).toEqual({ 'x-identity-header': 'h' });
  });

  it.each([
    [{}, answer({})],
    [env, answer({}, 500)],
    [env, answer({})],
  ])('that is missing is said (%#)', async (given, fetch) => {
    const identity = createManagedIdentity({ env: given, fetch });
    await expect(identity.getToken([])).rejects.toMatchObject({ code: 'unavailable' });
  });
});
