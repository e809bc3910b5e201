// A deployed pack back as a bundle: what moves it to another endpoint unchanged (spec 2, bundle).
import { createHash, randomUUID } from 'node:crypto';
import { type Check, must } from '../../check.ts';
import { equal, type JsonObject, list, object, ok } from '../../expect.ts';
import { envelope, hasStatus } from '../../shapes.ts';
import type { Subject } from '../../subject/subject.ts';
import { fileOf } from './bundles.ts';

const back = (id: string, title: string, run: Check['run']) => must(id, title, run, 'bundles');

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');

export const BACK_CHECKS: readonly Check[] = [
  back('BUNDLE-1', 'a pack comes back with every file that it was deployed with', async (subject) => {
    const files = [fileOf(subject, 'second'), fileOf(subject, 'add')];
    const { guid } = await subject.deploy(files);
    const bundle = await bundleOf(subject, guid);
    equal([bundle.schema, bundle.pack_guid], ['pack/1.0', guid], 'schema, pack_guid');
    const got = list(bundle.agents, 'agents').map((each) => object(each, 'a file'));
    equal(
      got.map(({ filename }) => filename),
      files.map(({ filename }) => filename),
      'the names, in the order of the deploy',
    );
    equal(
      got.map(bytesOf),
      files.map(({ source }) => sha256(source)),
      'the digests of the files',
    );
    equal(
      got.map((file) => file.sha256),
      files.map(({ source }) => sha256(source)),
      'sha256 of the files',
    );
  }),
  back('BUNDLE-2', 'what the bundle said of itself comes back, and no token', async (subject) => {
    const said = { name: 'back', purpose: 'to be moved', created_by: 'the suite', unknown: { kept: [1, null] } };
    const { guid, token } = await subject.deployAgents(['echo'], said);
    const bundle = await bundleOf(subject, guid);
    for (const [key, value] of Object.entries(said)) equal(bundle[key], value, key);
    const text = JSON.stringify(bundle);
    ok(!/token/.test(Object.keys(bundle).join()), 'no key is about a token');
    ok(token === undefined || !(text.includes(token) || text.includes(sha256(token))), 'no token is in it');
  }),
  back('BUNDLE-3', 'deployed again it is the same bundle', async (subject) => {
    const { guid } = await subject.deployAgents(['echo', 'add'], { purpose: 'twice' });
    const first = await bundleOf(subject, guid);
    const { agents, ...more } = first;
    await subject.deploy(list(agents, 'agents') as never, more as JsonObject);
    equal(await bundleOf(subject, guid), first, 'the bundle after a second deploy');
  }),
  back('BUNDLE-4', 'a pack that is not there has none', async (subject) => {
    envelope(await subject.send(`/api/pack/${randomUUID()}/bundle`), 404);
  }),
  must(
    'BUNDLE-5',
    'without its token a pack is not handed out',
    async (subject) => {
      const { guid } = await subject.deployAgents(['echo']);
      for (const token of [null, 'wrong']) {
        envelope(await subject.send(`/api/pack/${guid}/bundle`, { token }), [401, 403]);
      }
    },
    'bundles',
    'auth',
  ),
];

async function bundleOf(subject: Subject, guid: string): Promise<JsonObject> {
  const answer = await subject.send(`/api/pack/${guid}/bundle`);
  hasStatus(answer, 200);
  return object(answer.json, 'the bundle');
}

function bytesOf({ source, source_base64: base64 }: JsonObject): string {
  return sha256(typeof base64 === 'string' ? Buffer.from(base64, 'base64') : Buffer.from(String(source)));
}
