// Looking at an endpoint and its packs, taking packs away, and the older spelling of all of it.
import { randomUUID } from 'node:crypto';
import { AGENTS } from '../agents/agents.ts';
import { must, should } from '../check.ts';
import { equal, list, object, ok, text } from '../expect.ts';
import { envelope, healthOf } from '../shapes.ts';

export const INSPECT_CHECKS = [
  must('HEALTH-1', 'healthz says what the endpoint is and lists its packs', async (subject) => {
    const { guid } = await subject.deployAgents(['echo', 'add'], subject.language, { purpose: 'to be seen' });
    const { json } = await subject.send('/api/pack/healthz');
    const { status, schema, version, host, pack_count, packs } = object(json, 'healthz');
    equal(status, 'ok', 'status');
    for (const [what, value] of Object.entries({ schema, version, host })) text(value, what);
    const listed = list(packs, 'packs').map((each) => object(each, 'a pack'));
    equal(pack_count, listed.length, 'pack_count');
    const own = listed.find((each) => each.pack_guid === guid);
    ok(own !== undefined, 'the pack is listed');
    equal([own.name, own.purpose, own.agent_count], ['conformance', 'to be seen', 2], 'name, purpose, agent_count');
    text(own.created_at, 'created_at');
  }),
  must('HEALTH-2', 'the capability matrix is published', async (subject) => {
    const { runtimes } = object((await subject.send('/api/pack/healthz')).json, 'healthz');
    ok(
      list(runtimes, 'runtimes').every((each) => typeof each === 'string'),
      'runtimes are names',
    );
  }),
  must('HEALTH-3', 'a pack lists its agents, sorted', async (subject) => {
    const { guid } = await subject.deployAgents(['whoami', 'add', 'echo']);
    const { status, pack_guid, name, agent_count, agents } = await healthOf(subject, guid);
    equal([status, pack_guid, name, agent_count], ['ok', guid, 'conformance', 3], 'status, guid, name, count');
    equal(agents, ['add', 'echo', 'whoami'], 'agents');
  }),
  must('HEALTH-4', 'an unknown pack is 404', async (subject) => {
    envelope(await subject.send(`/api/pack/${randomUUID()}/healthz`), 404);
  }),
  must('REMOVE-1', 'a removed pack is gone', async (subject) => {
    const { guid, token } = await subject.deployAgents(['echo']);
    const headers = token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };
    const answer = await subject.send(`/api/pack/${guid}`, { method: 'DELETE', ...headers });
    equal(answer.status, 200, 'status');
    equal(object(answer.json, 'the answer'), { status: 'ok', removed: guid }, 'the answer');
    envelope(await subject.call({ guid }, 'echo'), [404, 401, 403]);
    envelope(await subject.send(`/api/pack/${guid}`, { method: 'DELETE', ...headers }), [404, 401, 403]);
  }),
  must('SPELLING-1', 'clients of the older spelling work unmodified', async (subject) => {
    const body = {
      schema: 'rapp-swarm/1.0',
      swarm_guid: randomUUID(),
      name: 'older',
      agents: [AGENTS[subject.language].echo],
    };
    const deployed = await subject.send('/api/swarm/deploy', { method: 'POST', body });
    equal(deployed.status, 200, 'the deploy');
    const { swarm_guid, swarm_url, pack_guid, pack_token } = object(deployed.json, 'the answer');
    equal([swarm_guid, pack_guid], [body.swarm_guid, undefined], 'swarm_guid, and no pack_guid');
    text(swarm_url, 'swarm_url');
    const headers = typeof pack_token === 'string' ? { headers: { authorization: `Bearer ${pack_token}` } } : {};
    const call = { method: 'POST', body: { name: 'echo', args: { value: 1 } }, ...headers };
    const called = await subject.send(`/api/swarm/${body.swarm_guid}/agent`, call);
    equal(object(called.json, 'the answer').output, 1, 'the output');
    const health = await subject.send(`/api/swarm/${body.swarm_guid}/healthz`);
    equal(object(health.json, 'the health').swarm_guid, body.swarm_guid, 'swarm_guid');
    const removed = await subject.send(`/api/swarm/${body.swarm_guid}`, { method: 'DELETE', ...headers });
    equal(removed.status, 200, 'the removal');
  }),
  must('ROUTE-1', 'an address that there is not is 404 in the envelope', async (subject) => {
    for (const path of ['/api/pack', '/api/pack/', '/api/pack/a/b/c/d', '/api/nothing'])
      envelope(await subject.send(path), 404);
  }),
  should('ROUTE-2', 'another method is 405 and says which there are', async (subject) => {
    const answer = await subject.send('/api/pack/healthz', { method: 'PUT', body: {} });
    envelope(answer, 405);
  }),
];
