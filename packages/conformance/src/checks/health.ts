// What an endpoint and its packs say of themselves.
import { randomUUID } from 'node:crypto';
import { must, should } from '../check.ts';
import { equal, list, object, objects, ok, text, time } from '../expect.ts';
import { envelope, hasStatus, healthOf } from '../shapes.ts';
import type { Subject } from '../subject/subject.ts';

async function listed(subject: Subject, guid: string) {
  const { packs } = object((await subject.send('/api/pack/healthz')).json, 'healthz');
  return objects(packs, 'packs').find((each) => each.pack_guid === guid);
}

export const HEALTH_CHECKS = [
  must('HEALTH-1', 'healthz says what the endpoint is and lists its packs', async (subject) => {
    const { guid } = await subject.deployAgents(['echo', 'add'], { purpose: 'to be seen' });
    const answer = await subject.send('/api/pack/healthz');
    hasStatus(answer, 200);
    const { status, schema, version, host, pack_count, packs } = object(answer.json, 'healthz');
    equal(status, 'ok', 'status');
    for (const [what, value] of Object.entries({ schema, version, host })) text(value, what);
    equal(pack_count, list(packs, 'packs').length, 'pack_count');
    const own = objects(packs, 'packs').find((each) => each.pack_guid === guid);
    ok(own !== undefined, 'the pack is listed');
    equal([own.name, own.purpose, own.agent_count], ['conformance', 'to be seen', 2], 'name, purpose, agent_count');
    time(own.created_at, 'created_at');
    ok(typeof own.created_by === 'string', 'created_by is a text');
  }),
  must('HEALTH-2', 'the capability matrix is published', async (subject) => {
    const { runtimes } = object((await subject.send('/api/pack/healthz')).json, 'healthz');
    const names = list(runtimes, 'runtimes');
    for (const each of names) text(each, 'the name of a runtime');
    ok(names.length > 0 && new Set(names).size === names.length, 'runtimes has names, each once');
  }),
  must('HEALTH-3', 'a pack lists its agents, sorted', async (subject) => {
    const { guid } = await subject.deployAgents(['whoami', 'add', 'echo'], { purpose: 'to be seen' });
    const { status, pack_guid, name, purpose, agent_count, agents } = await healthOf(subject, guid);
    equal([status, pack_guid, name, agent_count], ['ok', guid, 'conformance', 3], 'status, guid, name, count');
    equal(purpose, 'to be seen', 'purpose');
    equal(agents, ['add', 'echo', 'whoami'], 'agents');
  }),
  must('HEALTH-4', 'an unknown pack is 404', async (subject) => {
    for (const guid of [randomUUID(), 'no-guid']) envelope(await subject.send(`/api/pack/${guid}/healthz`), 404);
  }),
  must('HEALTH-5', 'the guid of a pack may be written in either case', async (subject) => {
    const { guid } = await subject.deployAgents(['echo']);
    equal((await healthOf(subject, guid.toUpperCase())).pack_guid, guid, 'pack_guid');
  }),
  should('HEALTH-6', 'who made a pack, and when, is shown as the bundle says', async (subject) => {
    const made = { created_by: 'the suite', created_at: '2024-02-29T12:00:00.000Z' };
    const { guid } = await subject.deployAgents(['echo'], made);
    const own = object(await listed(subject, guid), 'the pack in healthz');
    equal(own.created_by, made.created_by, 'created_by');
    equal(time(own.created_at, 'created_at'), Date.parse(made.created_at), 'created_at');
  }),
  must('HEALTH-7', 'a pack is listed from its deploy until its removal', async (subject) => {
    const { guid } = await subject.deployAgents(['echo']);
    ok((await listed(subject, guid)) !== undefined, 'the pack is listed');
    hasStatus(await subject.send(`/api/pack/${guid}`, { method: 'DELETE' }), 200, 'the removal');
    ok((await listed(subject, guid)) === undefined, 'the removed pack is not listed');
  }),
  should('HEALTH-8', 'HEAD is answered like GET, without a body', async (subject) => {
    const answer = await subject.send('/api/pack/healthz', { method: 'HEAD' });
    hasStatus(answer, 200);
    equal(answer.bytes.length, 0, 'the bytes of the body');
  }),
  must('REMOVE-1', 'a removed pack is gone', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const answer = await subject.send(`/api/pack/${pack.guid}`, { method: 'DELETE' });
    hasStatus(answer, 200);
    equal(object(answer.json, 'the answer'), { status: 'ok', removed: pack.guid }, 'the answer');
    envelope(await subject.call(pack, 'echo'), [404, 401, 403], 'a call afterwards');
    envelope(await subject.send(`/api/pack/${pack.guid}/healthz`), [404, 401, 403], 'its health afterwards');
    envelope(await subject.send(`/api/pack/${pack.guid}`, { method: 'DELETE' }), [404, 401, 403], 'a second removal');
  }),
  must('REMOVE-2', 'removing a pack that there is not is 404', async (subject) => {
    for (const guid of [randomUUID(), 'no-guid']) {
      envelope(await subject.send(`/api/pack/${guid}`, { method: 'DELETE' }), [404, 401, 403]);
    }
  }),
  must('REMOVE-3', 'the guid of a pack that is removed may be written in either case', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    hasStatus(await subject.send(`/api/pack/${pack.guid.toUpperCase()}`, { method: 'DELETE' }), 200, 'the removal');
    envelope(await subject.call(pack, 'echo'), [404, 401, 403], 'a call afterwards');
  }),
];
