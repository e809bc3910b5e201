// A pack deployed over HTTP with a token of its own: called, remembered, updated in place, removed.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@pypes/contract';
import { startNodeService } from '@pypes/service/node';

const root = mkdtempSync(join(tmpdir(), 'pypes-example-'));
const service = await startNodeService({
  folders: [],
  root,
  version: 'example',
  port: 0,
  logLevel: 'error',
  auth: { required: true, openDeploy: true },
});
const counter = (step: number) => ({
  schema: 'pack/1.0',
  name: 'counter',
  agents: [
    {
      filename: 'count.lispy',
      source: `(def AGENT {:name "count" :description "Counts its calls for each user"})
(defn run [context]
  (let [n (+ ${step} (or (memory-get "n") 0))]
    (memory-set "n" n)
    n))`,
    },
  ],
});

const { pack_guid: guid, pack_token: token } = await createClient({ baseUrl: service.url }).deploy(counter(1));
assert(token !== undefined);
const client = createClient({ baseUrl: service.url, token });
const ann = { userGuid: '11111111-1111-4111-8111-111111111111' };
const bob = { userGuid: '22222222-2222-4222-8222-222222222222' };
assert.equal(await client.call(guid, 'count', {}, ann), 1);
assert.equal(await client.call(guid, 'count', {}, ann), 2);
assert.equal(await client.call(guid, 'count', {}, bob), 1);

// Without the token nobody calls it, and nobody replaces it.
const stranger = createClient({ baseUrl: service.url });
await assert.rejects(stranger.call(guid, 'count'), { code: 'unauthorized' });
await assert.rejects(stranger.deploy({ ...counter(1), pack_guid: guid }), { code: 'unauthorized' });

// A new version keeps the memory, and its token takes the place of the old one.
const updated = await client.deploy({ ...counter(10), pack_guid: guid });
await assert.rejects(client.call(guid, 'count'), { code: 'forbidden' });
const owner = createClient({ baseUrl: service.url, token: updated.pack_token ?? '' });
assert.equal(await owner.call(guid, 'count', {}, ann), 12);

await owner.remove(guid);
await assert.rejects(owner.packHealth(guid), { code: 'not_found' });

await service.close();
rmSync(root, { recursive: true });
console.log('A pack was deployed, called by two users, updated in place and removed.');
