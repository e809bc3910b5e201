// A page in a real browser fetches, verifies, installs and runs a skill, with the sources that Node has for types and values.
//
// `node story.ts serve` leaves the registry and the page running, for your own browser; `node story.ts PICTURE.png` keeps
// a picture of the page.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '@pypes/contract';
import { refreshRepository, revokeSkill } from '@pypes/registry';
import { compileFunction } from '@pypes/wit/values';
import { ATTACKS } from './attacks.ts';
import { openChromium } from './chromium.ts';
import { installOnNode, refusalOnNode } from './node.ts';
import { readArguments } from './page/skill/call.ts';
import { readTypes } from './page/skill/types.ts';
import { startServer } from './process.ts';
import { makeRegistry } from './registry.ts';
import { NAMES } from './site/names.ts';
import { startVisit, type Visit } from './visit.ts';

const SOURCE = 'explicit:acme:portfolio@1.0.0';
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const [option] = process.argv.slice(2);

const browser = await openChromium();
if (browser === undefined && option !== 'serve') {
  console.log('Skipped: this machine has no Chromium; install it, or set PYPES_CHROMIUM to its path.');
  process.exit(0);
}

// A publisher: a registry in a folder, and any static server in front of it.
const folder = mkdtempSync(join(tmpdir(), 'pypes-example-'));
const files = join(folder, 'registry');
mkdirSync(files);
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const published = await makeRegistry(files);
const { trustedRoot, rootFile } = published;
const serveRegistry = (port: string) =>
  startServer(here('../../packages/cli/bin/pypes.mjs'), 'registry', 'serve', files, '--port', port, '--json');
let registry = await serveRegistry('0');
const site = await startServer(here('./site/serve.ts'), registry.url, rootFile, SOURCE);

if (browser === undefined || option === 'serve') {
  console.log(`The page is at ${site.url}, the registry at ${registry.url}; Ctrl-C ends both.`);
  await new Promise(() => undefined);
}
assert(browser !== undefined);

// The names that the page imports are the files that they are on Node.
for (const [name, path] of Object.entries(NAMES).filter(([name]) => name.startsWith('@pypes/'))) {
  assert.equal(realpathSync(fileURLToPath(import.meta.resolve(name))), realpathSync(here(`../..${path}`)));
}

// Node and the browser install it: the same digest, the same signer, the same functions out of the component's own bytes.
const node = await installOnNode(join(folder, 'node'), registry.url, trustedRoot, SOURCE);
const visit = await startVisit(browser, site.url);
assert.equal(await visit.open(), undefined);
assert.equal(await visit.isInstalled(), false);
const review = await visit.review();
assert.match(review.title, /^acme:portfolio 1\.0\.0/);
assert.deepEqual([review.digest, review.signers], [node.digest, node.signers]);
assert.deepEqual([review.digest, review.signers], [published.digest, [published.owner.keyId]]);
await visit.install();
const described = await visit.functions();
assert.deepEqual(
  described.map(({ wit }) => wit.replace(/^.*#/, '')),
  ['worth', 'grow', 'split'],
);
assert.deepEqual(new Set(described), new Set(node.functions));
assert(
  visit.loaded.has('/packages/wit/src/values/function.ts') &&
    visit.loaded.has('/packages/wit/src/binary/decode-component.ts'),
);

// Calls: JSON by form in the browser, through the host and its guard on Node.
const apple = { symbol: 'APPL', shares: 3, price: 150.5, kind: 'share' };
const bond = { symbol: 'ÖBB 👋', shares: '9007199254740993', price: 0.5, kind: 'bond' };
const calls: readonly (readonly [string, JsonObject])[] = [
  ['worth', { holdings: [apple, bond] }],
  ['worth', { holdings: [apple, bond], only: 'share' }],
  ['grow', { amount: 1000, rate: 0.05, years: 10 }],
  ['split', { shares: '4611686018427387905', ratio: 2 }],
];
for (const [name, args] of calls) {
  assert.deepEqual(await visit.call(name, args), { value: await node.call(name, args) }, name);
}
assert.deepEqual(await visit.call('split', { shares: '4611686018427387905', ratio: 2 }), {
  value: '9223372036854775810',
});

assert.equal(await visit.requestFromGuest(), 'refused');

// The function's own errors arrive as what they carry.
for (const holdings of [[], [{ ...apple, price: -1 }], [{ ...bond, shares: '18446744073709551615' }, apple]]) {
  const [there, before] = [await visit.call('worth', { holdings }), await node.call('worth', { holdings })];
  assert.deepEqual(there, before);
  assert.equal((there as JsonObject).code, 'handler_failed');
}

// Wrong arguments: the same code as from Node's guard, and the same text as from the same function of @pypes/wit/values.
const types = readTypes(node.component, node.wit, 'skill');
const wrong: readonly (readonly [string, JsonObject])[] = [
  ['worth', { holdings: [{ ...apple, shares: -3 }] }],
  ['worth', { holdings: [{ ...apple, kind: 'option' }] }],
  ['worth', { holdings: apple }],
  ['grow', { amount: 'much', rate: 0.05, years: 10 }],
  ['grow', { amount: 1, rate: 0.05, years: 4_294_967_296 }],
  ['grow', { rate: 0.05, years: 1 }],
  ['split', { shares: '18446744073709551616', ratio: 2 }],
];
for (const [name, args] of wrong) {
  const { called } = types.functions.find((each) => each.called.name === name)!;
  const expected = readArguments(compileFunction(types.resolved, called), args);
  assert.deepEqual(await visit.call(name, args), expected, name);
  assert.equal((expected as JsonObject).code, ((await node.call(name, args)) as JsonObject).code);
}
// This one fits the schema, so that on Node too it is the values that refuse it.
assert.deepEqual(await visit.call(...wrong[6]!), await node.call(...wrong[6]!));
if (option?.endsWith('.png')) await visit.screenshot(option);

// What takes too long is ended; the next call has a new instance.
assert.equal(((await visit.call('grow', { amount: 1, rate: 0, years: 4_294_967_295 })) as JsonObject).code, 'timeout');
assert.deepEqual(await visit.call('grow', { amount: 1, rate: 1, years: 3 }), { value: 8 });

// The registry goes away: what is installed still runs, as long as what is kept of it is what was signed.
await registry.stop();
assert.equal(await visit.open(), undefined);
assert.deepEqual(await visit.call('split', { shares: 2, ratio: 3 }), { value: 6 });
const late = await startVisit(browser, site.url);
assert.equal(await late.open(), 'unreachable');
await visit.spoilKept();
assert.equal(await visit.open(), 'tampered');
registry = await serveRegistry(new URL(registry.url).port);
assert.deepEqual([await visit.open(), await visit.isInstalled()], [undefined, true]);

// A mirror that lies: both clients refuse for the same reason, and nothing of the skill is loaded.
const [before, fork] = [join(folder, 'before'), join(folder, 'fork')];
const now = join(folder, 'now');
const known = { url: registry.url, trustedRoot, source: SOURCE, folder: join(folder, 'known'), now: Date.now };
cpSync(files, before, { recursive: true });
cpSync(files, fork, { recursive: true });
await refreshRepository({ folder: fork, lifetimes: { snapshot: 13 } }, published.keys);
await refreshRepository(published.repository, published.keys);
cpSync(files, now, { recursive: true });
assert.deepEqual([await visit.open(), await refusalOnNode(known)], [undefined, 'accepted']);
for (const [index, { name, reason, isReturning = false, days = 0, spoil }] of ATTACKS.entries()) {
  spoil?.(files, { before, fork });
  const time = Date.now() + days * 86_400_000;
  const there: Visit = isReturning ? visit : await startVisit(browser, site.url);
  if (days > 0) await there.context.clock.setFixedTime(time);
  const visitor = isReturning ? known : { ...known, folder: join(folder, `stranger-${index}`), now: () => time };
  assert.deepEqual([await there.open(), await refusalOnNode(visitor)], [reason, reason], name);
  assert.equal(await there.isInstalled(), false);
  if (!isReturning) await there.context.close();
  cpSync(now, files, { recursive: true });
}
assert.equal(await visit.open(), undefined);

// A revoked skill does not run again, though it is installed.
await revokeSkill(
  published.repository,
  { namespace: 'acme', name: 'portfolio', version: '1.0.0' },
  'bad sums',
  published.keys,
);
assert.deepEqual(
  [await visit.open(), await late.open(), await refusalOnNode(known)],
  ['revoked', 'revoked', 'revoked'],
);

await browser.close();
await node.close();
await site.stop();
await registry.stop();
console.log(
  `A skill was verified, installed and called in a browser as on Node; ${ATTACKS.length} attacks failed in both.`,
);
