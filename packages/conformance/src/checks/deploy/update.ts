// Updates in place: all or nothing, at once, and nobody's call is disturbed.
import { must } from '../../check.ts';
import { equal, list, object, ok, oneOf, show } from '../../expect.ts';
import { envelope, healthOf } from '../../shapes.ts';
import { bundle, fileOf, post } from './bundles.ts';

export const UPDATE_CHECKS = [
  must('UPDATE-1', 'an update in place removes agents that the new bundle does not have', async (subject) => {
    const { guid } = await subject.deployAgents(['echo', 'add']);
    equal((await healthOf(subject, guid)).agents, ['add', 'echo'], 'before');
    const updated = await subject.deployAgents(['add'], { pack_guid: guid });
    equal(updated.guid, guid, 'pack_guid');
    equal((await healthOf(subject, guid)).agents, ['add'], 'after');
    envelope(await subject.call(updated, 'echo'), 404, 'a call of what was removed');
  }),
  must('UPDATE-2', 'a file that changes under its name is the new one at once', async (subject) => {
    const { filename, source } = fileOf(subject);
    let pack = await subject.deploy([{ filename, source }]);
    for (const [version, wanted] of [
      [fileOf(subject, 'second').source, { second: 1 }],
      [source, 1],
    ] as const) {
      equal(await subject.output(pack, 'echo', { value: 0 }), wanted === 1 ? { second: 0 } : 0, 'before');
      pack = await subject.deploy([{ filename, source: version }], { pack_guid: pack.guid });
      for (let n = 0; n < 5; n++) equal(await subject.output(pack, 'echo', { value: 1 }), wanted, 'after');
    }
  }),
  must('UPDATE-3', 'name and purpose are those of the newest bundle', async (subject) => {
    const { guid } = await subject.deployAgents(['echo'], { name: 'first', purpose: 'before' });
    await subject.deployAgents(['echo'], { name: 'later', purpose: 'after', pack_guid: guid });
    const { name, purpose } = await healthOf(subject, guid);
    equal([name, purpose], ['later', 'after'], 'name, purpose');
  }),
  must('UPDATE-4', 'an update changes no other pack', async (subject) => {
    const one = await subject.deployAgents(['echo']);
    const two = await subject.deployAgents(['echo']);
    await subject.deployAgents(['add'], { pack_guid: two.guid });
    equal(await subject.output(one, 'echo', { value: 1 }), 1, 'the output of the other pack');
  }),
  must('UPDATE-5', 'calls in flight finish on the version that they began with', async (subject) => {
    const pack = await subject.deployAgents(['many', 'echo']);
    const calls = [1, 2, 3, 4].map(() => subject.call(pack, 'many', { n: 20 }));
    const update = subject.deployAgents(['many', 'second'], { pack_guid: pack.guid });
    for (const answer of await Promise.all(calls)) {
      // Where packs have tokens, the update has given this one another.
      if (pack.token !== undefined && [401, 403].includes(answer.status)) continue;
      equal(answer.status, 200, `the status of a call in flight (${answer.text.slice(0, 200)})`);
      const got = list(object(answer.json, 'the answer').output, 'the output').map((each) => JSON.stringify(each));
      ok(got.length === 20 && new Set(got).size === 1, `one call saw one version, it saw ${show([...new Set(got)])}`);
      oneOf(got[0], ['1', '{"second":1}'], 'the version');
    }
    equal(await subject.output(await update, 'many', { n: 1 }), [{ second: 1 }], 'a call afterwards');
  }),
  must('UPDATE-6', 'calls during updates see the agents of one version, whatever is deployed', async (subject) => {
    let pack = await subject.deployAgents(['echo', 'relay']);
    const calls = Array.from({ length: 20 }, async (_, n) => {
      const answer = await subject.call(pack, 'relay', { value: n });
      oneOf(answer.status, pack.token === undefined ? [200, 404] : [200, 404, 401, 403], 'the status of a call');
      if (answer.status === 200) equal(object(answer.json, 'the answer').output, { echoed: n }, 'the output');
    });
    pack = await subject.deployAgents(['add'], { pack_guid: pack.guid });
    await Promise.all(calls);
    envelope(await subject.call(pack, 'relay'), 404, 'a call afterwards');
  }),
  must('UPDATE-7', 'two updates of one pack at once leave one of them whole', async (subject) => {
    const { guid } = await subject.deployAgents(['echo']);
    const names = [
      ['add', 'echo'],
      ['fail', 'whoami'],
    ] as const;
    const updates = names.map((each) =>
      post(subject, bundle(subject, { pack_guid: guid, agents: each.map((name) => fileOf(subject, name)) })),
    );
    // Of two that have one token, the later may come too late.
    const allowed = subject.declares.has('auth') ? [200, 409, 401, 403] : [200, 409];
    for (const { status } of await Promise.all(updates)) oneOf(status, allowed, 'the status of an update');
    const { agents } = await healthOf(subject, guid);
    oneOf(
      JSON.stringify(agents),
      names.map((each) => JSON.stringify(each)),
      'the agents afterwards',
    );
  }),
];
