// Clients of the older spelling work unmodified: `/api/swarm`, `rapp-swarm/1.0`, `swarm_guid`, `swarm_url`.
import { randomUUID } from 'node:crypto';
import { AGENTS } from '../agents/agents.ts';
import { must, should } from '../check.ts';
import { equal, object, objects, ok, text } from '../expect.ts';
import { envelope, hasStatus } from '../shapes.ts';
import type { Subject } from '../subject/subject.ts';

const bundle = (subject: Subject, more: { readonly [key: string]: unknown } = {}) => ({
  schema: 'rapp-swarm/1.0',
  swarm_guid: randomUUID(),
  name: 'older',
  agents: [AGENTS[subject.language].echo],
  ...more,
});

async function deployed(subject: Subject, more?: { readonly [key: string]: unknown }): Promise<string> {
  const answer = await subject.send('/api/swarm/deploy', { method: 'POST', body: bundle(subject, more) });
  hasStatus(answer, 200, 'a deploy');
  return text(object(answer.json, 'the answer').swarm_guid, 'swarm_guid');
}

const call = (subject: Subject, guid: string, body: unknown) =>
  subject.send(`/api/swarm/${guid}/agent`, { method: 'POST', body });

export const SPELLING_CHECKS = [
  must('SPELLING-1', 'a deploy in the older spelling is answered in it', async (subject) => {
    const body = bundle(subject);
    const answer = await subject.send('/api/swarm/deploy', { method: 'POST', body });
    hasStatus(answer, 200);
    const { status, swarm_guid, swarm_url, pack_guid, pack_url, agent_count } = object(answer.json, 'the answer');
    equal([status, swarm_guid, agent_count], ['ok', body.swarm_guid, 1], 'status, swarm_guid, agent_count');
    equal([pack_guid, pack_url], [undefined, undefined], 'the newer keys');
    ok(text(swarm_url, 'swarm_url').includes(body.swarm_guid), 'swarm_url names the pack');
  }),
  must('SPELLING-2', 'calls, health and removal work in it', async (subject) => {
    const guid = await deployed(subject);
    const called = await call(subject, guid, { name: 'echo', args: { value: 1 } });
    equal(object(called.json, 'the answer'), { status: 'ok', output: 1 }, 'the answer to a call');
    const health = object((await subject.send(`/api/swarm/${guid}/healthz`)).json, 'the health');
    equal([health.swarm_guid, health.pack_guid, health.agents], [guid, undefined, ['echo']], 'guid and agents');
    hasStatus(await subject.send(`/api/swarm/${guid}`, { method: 'DELETE' }), 200, 'the removal');
    envelope(await subject.send(`/api/swarm/${guid}/healthz`), [404, 401, 403], 'the health afterwards');
  }),
  must('SPELLING-3', 'failures are the same in it', async (subject) => {
    const guid = await deployed(subject);
    const { available } = envelope(await call(subject, guid, { name: 'nobody' }), 404, 'an unknown agent');
    equal(available, ['echo'], 'available');
    envelope(await call(subject, guid, {}), 400, 'a call without a name');
    envelope(await call(subject, randomUUID(), { name: 'echo' }), [404, 401, 403], 'an unknown pack');
    const body = bundle(subject, { schema: 'rapp-swarm/9.0' });
    envelope(await subject.send('/api/swarm/deploy', { method: 'POST', body }), 400, 'another schema');
  }),
  must('SPELLING-4', 'it is the same pack in both spellings', async (subject) => {
    const guid = await deployed(subject, { agents: [AGENTS[subject.language].remember] });
    hasStatus(await call(subject, guid, { name: 'remember', args: { key: 'k', value: 1 } }), 200, 'a call');
    const pack = await subject.deployAgents(['recall'], { pack_guid: guid });
    equal(await subject.output(pack, 'recall', { key: 'k' }), 1, 'what was remembered in the other spelling');
  }),
  must('SPELLING-5', 'swarm_guid asks for an update in place', async (subject) => {
    const guid = await deployed(subject);
    equal(await deployed(subject, { swarm_guid: guid, agents: [AGENTS[subject.language].add] }), guid, 'swarm_guid');
    const health = object((await subject.send(`/api/swarm/${guid}/healthz`)).json, 'the health');
    equal(health.agents, ['add'], 'agents');
  }),
  must('SPELLING-6', 'what an agent puts out is not renamed', async (subject) => {
    const guid = await deployed(subject);
    const value = { pack_guid: 'kept', packs: [{ pack_url: 'kept' }] };
    const called = await call(subject, guid, { name: 'echo', args: { value } });
    equal(object(called.json, 'the answer').output, value, 'the output');
  }),
  should('SPELLING-7', 'healthz lists packs in it', async (subject) => {
    const guid = await deployed(subject);
    const health = object((await subject.send('/api/swarm/healthz')).json, 'healthz');
    const own = objects(health.swarms ?? health.packs, 'swarms').find((each) => each.swarm_guid === guid);
    ok(own !== undefined, 'the pack is listed by swarm_guid');
    equal([own.name, own.agent_count], ['older', 1], 'name, agent_count');
  }),
];
