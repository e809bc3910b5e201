// Tokens of packs, where an endpoint gives them (spec 2, deploy).
import { type Check, must, should } from '../../check.ts';
import { equal, ok } from '../../expect.ts';
import { envelope, hasStatus, healthOf } from '../../shapes.ts';
import { bundle, fileOf } from '../deploy/bundles.ts';

const WRONG = ['wrong', `pt_${'x'.repeat(43)}`];

const auth = (make: typeof must, id: string, title: string, run: Check['run']) => make(id, title, run, 'auth');

export const TOKEN_CHECKS: readonly Check[] = [
  auth(must, 'AUTH-1', 'without a token nothing is called', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    envelope(await subject.call(pack, 'echo', { value: 1 }, { token: null }), [401, 403]);
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'with the token');
  }),
  auth(must, 'AUTH-2', 'with a wrong token nothing is called', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    for (const token of [...WRONG, pack.token?.slice(0, -1) ?? '', `${pack.token}x`]) {
      envelope(await subject.call(pack, 'echo', { value: 1 }, { token }), [401, 403]);
    }
  }),
  auth(must, 'AUTH-3', 'a token counts as a bearer alone', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    for (const authorization of [`Basic ${pack.token}`, `${pack.token}`, 'Bearer']) {
      const body = { name: 'echo', args: { value: 1 } };
      const asked = { method: 'POST', body, token: null, headers: { authorization } };
      envelope(await subject.send(`/api/pack/${pack.guid}/agent`, asked), [401, 403], authorization.slice(0, 6));
    }
  }),
  auth(must, 'AUTH-4', 'the token of one pack opens no other', async (subject) => {
    const [one, two] = [await subject.deployAgents(['echo']), await subject.deployAgents(['echo'])];
    ok(one.token !== undefined && one.token !== two.token, 'each pack has a token of its own');
    envelope(await subject.call(two, 'echo', {}, { token: one.token }), [401, 403]);
  }),
  auth(must, 'AUTH-5', 'an update gives another token, and the old one opens nothing', async (subject) => {
    const one = await subject.deployAgents(['echo']);
    const two = await subject.deployAgents(['echo'], { pack_guid: one.guid });
    ok(two.token !== undefined && two.token !== one.token, 'the token is another one');
    envelope(await subject.call(two, 'echo', {}, { token: one.token ?? null }), [401, 403]);
    equal(await subject.output(two, 'echo', { value: 1 }), 1, 'with the new token');
  }),
  auth(must, 'AUTH-6', 'nobody updates or removes a pack without its token', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const body = bundle(subject, { pack_guid: pack.guid, agents: [fileOf(subject, 'add')] });
    for (const token of [null, ...WRONG]) {
      envelope(await subject.send('/api/pack/deploy', { method: 'POST', body, token }), [401, 403], 'an update');
      const removal = await subject.send(`/api/pack/${pack.guid}`, { method: 'DELETE', token });
      envelope(removal, [401, 403], 'a removal');
    }
    equal((await healthOf(subject, pack.guid)).agents, ['echo'], 'the agents');
  }),
  auth(must, 'AUTH-7', 'no answer shows a token again', async (subject) => {
    const pack = await subject.deployAgents(['echo', 'fail']);
    const token = pack.token ?? '';
    const answers = [
      await subject.send('/api/pack/healthz'),
      await subject.send(`/api/pack/${pack.guid}/healthz`),
      await subject.call(pack, 'fail'),
      await subject.call(pack, 'nobody'),
    ];
    for (const { text } of answers) ok(token !== '' && !text.includes(token), 'the answer does not have the token');
  }),
  auth(should, 'AUTH-8', 'an answer to a missing token says how to give one', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const answer = await subject.call(pack, 'echo', {}, { token: null });
    hasStatus(answer, 401);
    ok(/^Bearer\b/i.test(answer.headers['www-authenticate'] ?? ''), 'www-authenticate is Bearer');
  }),
  auth(must, 'AUTH-9', 'the older spelling asks for the token, too', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const asked = { method: 'POST', body: { name: 'echo', args: { value: 1 } } };
    const path = `/api/swarm/${pack.guid}/agent`;
    envelope(await subject.send(path, { ...asked, token: null }), [401, 403], 'a call without it');
    hasStatus(await subject.send(path, asked), 200, 'a call with it');
  }),
];
