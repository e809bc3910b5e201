// The two exports in each language that the endpoint declares: the same agents, the same answers (spec 1).
import { randomUUID } from 'node:crypto';
import { LANGUAGES } from '../../agents/agents.ts';
import { type Check, must } from '../../check.ts';
import { equal, object, ok } from '../../expect.ts';
import { envelope, healthOf } from '../../shapes.ts';

export const LANGUAGE_CHECKS: readonly Check[] = LANGUAGES.flatMap((language) => [
  must(
    `LANG-${language}-1`,
    `${language}: AGENT and run make a tool`,
    async (subject) => {
      const pack = await subject.deployAgents(['echo', 'add', 'unit'], {}, language);
      equal((await healthOf(subject, pack.guid)).agents, ['add', 'echo', 'unit'], 'the agents');
      equal(await subject.output(pack, 'add', { a: 2, b: 0.5 }), 2.5, 'the sum');
      equal(await subject.output(pack, 'echo', { value: ['ü', 1, { a: true }] }), ['ü', 1, { a: true }], 'the echo');
      equal(await subject.output(pack, 'unit'), 'C', 'what is given where nothing was');
      envelope(await subject.call(pack, 'add', { a: 'x', b: 1 }), 400);
    },
    language,
  ),
  must(
    `LANG-${language}-2`,
    `${language}: what fails is told with its own words`,
    async (subject) => {
      const pack = await subject.deployAgents(['fail', 'lie', 'unjson'], {}, language);
      ok(JSON.stringify(envelope(await subject.call(pack, 'fail'), 500)).includes('broken on purpose'), 'the message');
      envelope(await subject.call(pack, 'lie'), 500, 'a result that breaks its schema');
      envelope(await subject.call(pack, 'unjson'), 500, 'a result that is no JSON');
    },
    language,
  ),
  must(
    `LANG-${language}-3`,
    `${language}: the context has memory, log, progress, other agents and who calls`,
    async (subject) => {
      const pack = await subject.deployAgents(['count', 'say', 'relay', 'echo', 'whoami', 'keys'], {}, language);
      const user = randomUUID();
      equal(await subject.output(pack, 'count', {}, { user }), 1, 'the first count');
      equal(await subject.output(pack, 'count', {}, { user }), 2, 'the second count');
      equal(await subject.output(pack, 'keys', { prefix: '' }, { user }), ['n'], 'the keys of memory');
      equal(await subject.output(pack, 'say'), 'said', 'what is said');
      equal(await subject.output(pack, 'relay', { value: 7 }), { echoed: 7 }, 'what is relayed');
      const {
        user: who,
        pack: where,
        agent,
      } = object(await subject.output(pack, 'whoami', {}, { user }), 'the output');
      equal([who, where, agent], [user, pack.guid, 'whoami'], 'user, pack, agent');
    },
    language,
  ),
]);
