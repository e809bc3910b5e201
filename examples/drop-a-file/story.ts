// A file dropped into a folder is callable at once, an edit counts at the next call, a broken file harms no other.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeHost } from '@pypes/service/node';

const folder = mkdtempSync(join(tmpdir(), 'pypes-example-'));
const host = createNodeHost({ folders: [folder], root: join(folder, '.pypes'), log: () => undefined });
const pack = (await host.list())[0];
assert(pack !== undefined);

writeFileSync(
  join(folder, 'greet.mjs'),
  `export const AGENT = { name: 'greet', parameters: { type: 'object', required: ['who'], properties: { who: { type: 'string' } } } };
export function run(context, { who }) { return 'Hello, ' + who; }`,
);
assert.equal(await host.call(pack, { agent: 'greet', args: { who: 'Ann' } }), 'Hello, Ann');

// The guard stands between: arguments that do not match never reach the agent.
await assert.rejects(host.call(pack, { agent: 'greet', args: {} }), { code: 'invalid_input' });

writeFileSync(
  join(folder, 'greet.mjs'),
  `export const AGENT = { name: 'greet' };
export function run(context, { who }) { return 'Goodbye, ' + who; }`,
);
assert.equal(await host.call(pack, { agent: 'greet', args: { who: 'Ann' } }), 'Goodbye, Ann');

writeFileSync(join(folder, 'broken.lispy'), '(def AGENT {:name "broken"})\n(defn run [context] (+ 1 2)))\n');
const view = await pack.catalog.view();
assert.deepEqual(view.names, ['greet']);
assert.equal(view.quarantined[0]?.line, 2);

rmSync(join(folder, 'greet.mjs'));
await assert.rejects(host.call(pack, { agent: 'greet' }), { code: 'unknown_agent' });

await host.close();
rmSync(folder, { recursive: true });
console.log('A dropped file was called, edited, quarantined and removed.');
