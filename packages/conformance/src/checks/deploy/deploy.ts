// Deploying packs: what is answered, and what is refused.
import { randomUUID } from 'node:crypto';
import { must, should } from '../../check.ts';
import { equal, object, ok, text } from '../../expect.ts';
import { envelope, hasStatus, healthOf, isGuid } from '../../shapes.ts';
import { bundle, fileOf, post } from './bundles.ts';

export const DEPLOY_CHECKS = [
  must('DEPLOY-1', 'a deploy answers status, guid, name, addresses and the number of agents', async (subject) => {
    const answer = await post(subject, bundle(subject, { name: 'named' }));
    hasStatus(answer, 200);
    const { status, pack_guid, name, pack_url, info_url, agent_count } = object(answer.json, 'the answer');
    equal([status, name, agent_count], ['ok', 'named', 1], 'status, name, agent_count');
    ok(isGuid(pack_guid), 'pack_guid is a UUID');
    for (const [what, address] of Object.entries({ pack_url, info_url })) {
      ok(text(address, what).toLowerCase().includes(pack_guid), `${what} names the pack`);
    }
  }),
  must('DEPLOY-2', 'a valid guid is kept, trimmed and in lower case', async (subject) => {
    const guid = randomUUID();
    const { guid: kept } = await subject.deploy([fileOf(subject)], { pack_guid: ` ${guid.toUpperCase()} ` });
    equal(kept, guid, 'pack_guid');
  }),
  must('DEPLOY-3', 'without a valid guid one is minted, another one each time', async (subject) => {
    const minted = new Set<string>();
    for (const given of [undefined, undefined, 'no-guid', 7, '']) {
      const { guid } = await subject.deploy([fileOf(subject)], { pack_guid: given });
      ok(isGuid(guid) && !minted.has(guid), `a new UUID for pack_guid ${JSON.stringify(given)}, got ${guid}`);
      minted.add(guid);
    }
  }),
  must('DEPLOY-4', 'what was deployed is called at once', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    equal(await subject.output(pack, 'echo', { value: [1, { a: null }] }), [1, { a: null }], 'the output');
  }),
  must('DEPLOY-5', 'another schema is refused with 400', async (subject) => {
    for (const schema of ['pack/2.0', 'PACK/1.0', '', undefined, 1]) {
      envelope(await post(subject, bundle(subject, { schema })), 400, `schema ${JSON.stringify(schema)}`);
    }
  }),
  must('DEPLOY-6', 'a body that is no JSON object is refused with 400, an empty one too', async (subject) => {
    for (const body of ['{"schema":', '[]', '"text"', 'null', '', '{"schema":"pack/1.0","agents":[]} {}']) {
      envelope(await post(subject, body), 400, `the body ${body}`);
    }
  }),
  must('DEPLOY-7', 'agents that are no list of objects are refused with 400', async (subject) => {
    for (const agents of ['x', 7, { a: 1 }, [7], [null]]) {
      envelope(await post(subject, bundle(subject, { agents })), 400, `agents ${JSON.stringify(agents)}`);
    }
  }),
  should('DEPLOY-8', 'keys of a bundle that are unknown are no reason to refuse it', async (subject) => {
    const pack = await subject.deploy([fileOf(subject)], { future_key: { any: ['thing'] } });
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'the output');
  }),
  should(
    'DEPLOY-9',
    'pack_url is where agents are called, info_url where the health of the pack is',
    async (subject) => {
      const { pack_url, info_url, pack_guid } = object((await post(subject, bundle(subject))).json, 'the answer');
      const called = await subject.follow(pack_url, { method: 'POST', body: { name: 'echo', args: { value: 7 } } });
      equal(object(called.json, 'the answer to a call').output, 7, 'the output');
      const health = await subject.follow(info_url);
      equal(object(health.json, 'the health').pack_guid, pack_guid, 'pack_guid');
    },
  ),
  should('DEPLOY-10', 'a bundle that asks for permissions is taken; asking gives none', async (subject) => {
    const permissions = { network: [{ host: 'example.com', reason: 'to see' }] };
    const answer = await post(subject, bundle(subject, { permissions }));
    if (answer.status !== 200) envelope(answer, 400);
    else equal(object(answer.json, 'the answer').agent_count, 1, 'agent_count');
  }),
  must('DEPLOY-11', 'a refused update changes nothing', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const agents = [fileOf(subject, 'add')];
    const refused = [
      { schema: 'pack/9.0', agents },
      { agents: [...agents, { ...fileOf(subject, 'whoami'), sha256: '0'.repeat(64) }] },
    ];
    for (const more of refused) {
      envelope(await post(subject, bundle(subject, { pack_guid: pack.guid, ...more })), 400, 'the update');
    }
    equal((await healthOf(subject, pack.guid)).agents, ['echo'], 'the agents');
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'the output');
  }),
];
