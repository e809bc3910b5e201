// Deploying packs: what a bundle may be, what comes of it, and that it is all or nothing.
import { createHash, randomUUID } from 'node:crypto';
import { AGENTS } from '../agents/agents.ts';
import { must, should } from '../check.ts';
import { equal, list, object, ok, oneOf, text } from '../expect.ts';
import { envelope, healthOf, isGuid } from '../shapes.ts';
import type { Subject } from '../subject.ts';

const echo = (subject: Subject) => AGENTS[subject.language].echo;

const post = (subject: Subject, body: unknown) => subject.send('/api/pack/deploy', { method: 'POST', body });

const bundle = (subject: Subject, more: { readonly [key: string]: unknown } = {}) => ({
  schema: 'pack/1.0',
  pack_guid: randomUUID(),
  name: 'conformance',
  agents: [echo(subject)],
  ...more,
});

async function removeAfter(subject: Subject, guid: string): Promise<void> {
  await subject.send(`/api/pack/${guid}`, { method: 'DELETE' });
}

export const DEPLOY_CHECKS = [
  must('DEPLOY-1', 'a deploy answers status, guid, name, addresses and the number of agents', async (subject) => {
    const answer = await post(subject, bundle(subject, { name: 'named' }));
    equal(answer.status, 200, 'status');
    const { status, pack_guid, name, pack_url, info_url, agent_count } = object(answer.json, 'the answer');
    equal([status, name, agent_count], ['ok', 'named', 1], 'status, name, agent_count');
    ok(isGuid(pack_guid), 'pack_guid is a UUID');
    for (const [what, address] of Object.entries({ pack_url, info_url })) {
      ok(text(address, what).toLowerCase().includes(pack_guid.toLowerCase()), `${what} names the pack`);
    }
    await removeAfter(subject, pack_guid);
  }),
  must('DEPLOY-2', 'a valid guid is kept, trimmed and in lower case', async (subject) => {
    const guid = randomUUID();
    const { guid: kept } = await subject.deploy([echo(subject)], { pack_guid: ` ${guid.toUpperCase()} ` });
    equal(kept, guid, 'pack_guid');
  }),
  must('DEPLOY-3', 'without a valid guid one is minted', async (subject) => {
    for (const given of [undefined, 'no-guid', 7]) {
      const { guid } = await subject.deploy([echo(subject)], { pack_guid: given });
      ok(isGuid(guid), `a UUID for pack_guid ${String(given)}`);
    }
  }),
  must('DEPLOY-4', 'an update in place removes agents that the new bundle does not have', async (subject) => {
    const { guid } = await subject.deployAgents(['echo', 'add']);
    equal(list((await healthOf(subject, guid)).agents, 'agents'), ['add', 'echo'], 'before');
    await subject.deployAgents(['add'], subject.language, { pack_guid: guid });
    equal(list((await healthOf(subject, guid)).agents, 'agents'), ['add'], 'after');
  }),
  must('DEPLOY-5', 'another schema is refused with 400', async (subject) => {
    for (const schema of ['pack/2.0', undefined, 1]) envelope(await post(subject, bundle(subject, { schema })), 400);
  }),
  must('DEPLOY-6', 'a body that is no JSON object is refused with 400', async (subject) => {
    for (const body of ['{"schema":', '[]', '"text"', 'null']) envelope(await post(subject, body), 400);
  }),
  must('DEPLOY-7', 'a wrong digest is refused with 400, and nothing is changed', async (subject) => {
    const { guid } = await subject.deployAgents(['echo']);
    const wrong = { ...AGENTS[subject.language].add, sha256: '0'.repeat(64) };
    envelope(await post(subject, bundle(subject, { pack_guid: guid, agents: [wrong] })), 400);
    equal((await healthOf(subject, guid)).agents, ['echo'], 'the agents');
  }),
  must('DEPLOY-8', 'a right digest is taken', async (subject) => {
    const file = echo(subject);
    const sha256 = createHash('sha256').update(file.source).digest('hex');
    const pack = await subject.deploy([{ ...file, sha256 } as never]);
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'the output');
  }),
  must('DEPLOY-9', 'a source may come as base64', async (subject) => {
    const { filename, source } = echo(subject);
    const pack = await subject.deploy([{ filename, source_base64: Buffer.from(source).toString('base64') }]);
    equal(await subject.output(pack, 'echo', { value: 'ü' }), 'ü', 'the output');
  }),
  must('DEPLOY-10', 'a filename is reduced to its last part', async (subject) => {
    const { filename, source } = echo(subject);
    const pack = await subject.deploy([{ filename: `../../up/${filename}`, source }]);
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'the output');
  }),
  must('DEPLOY-11', 'blank, unsafe and unknown files are skipped, each with a reason', async (subject) => {
    const unfit = ['', '..', 'notes.unknownlanguage'];
    const agents = [echo(subject), ...unfit.map((filename) => ({ filename, source: 'x' }))];
    const answer = await post(subject, bundle(subject, { agents }));
    equal(answer.status, 200, 'status');
    const { skipped, agent_count, pack_guid } = object(answer.json, 'the answer');
    equal(agent_count, 1, 'agent_count');
    const reasons = list(skipped, 'skipped').map((each) => object(each, 'one of skipped'));
    equal(reasons.length, unfit.length, 'how many were skipped');
    for (const { reason } of reasons) text(reason, 'its reason');
    await removeAfter(subject, String(pack_guid));
  }),
  must('DEPLOY-12', 'what was deployed is called at once', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    equal(await subject.output(pack, 'echo', { value: [1, { a: null }] }), [1, { a: null }], 'the output');
  }),
  must('DEPLOY-13', 'a file that is broken hides no other, and is shown with its error', async (subject) => {
    const file = echo(subject);
    const dot = file.filename.lastIndexOf('.');
    const broken = { filename: `broken${file.filename.slice(dot)}`, source: ')( this is no program {{{' };
    const pack = await subject.deploy([file, broken]);
    const { agents, quarantined } = await healthOf(subject, pack.guid);
    equal(agents, ['echo'], 'the agents');
    const [first] = list(quarantined, 'quarantined').map((each) => object(each, 'one of quarantined'));
    ok(first !== undefined && text(first.filename, 'its filename').startsWith('broken'), 'the broken file is named');
    text(first?.error, 'its error');
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'the other agent');
  }),
  should('DEPLOY-14', 'keys of a bundle that are unknown are no reason to refuse it', async (subject) => {
    const pack = await subject.deploy([echo(subject)], { future_key: { any: ['thing'] } });
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'the output');
  }),
  must('DEPLOY-15', 'two deploys of one pack at once leave one of them whole', async (subject) => {
    const { guid } = await subject.deployAgents(['echo']);
    const names = [
      ['echo', 'add'],
      ['whoami', 'fail'],
    ] as const;
    const answers = await Promise.all(
      names.map((each) =>
        post(subject, {
          schema: 'pack/1.0',
          pack_guid: guid,
          name: 'conformance',
          agents: each.map((name) => AGENTS[subject.language][name]),
        }),
      ),
    );
    for (const { status } of answers) oneOf(status, [200, 409], 'the status of a deploy');
    const left = JSON.stringify((await healthOf(subject, guid)).agents);
    oneOf(
      left,
      names.map((each) => JSON.stringify([...each].sort())),
      'the agents afterwards',
    );
  }),
];
