// How files become agents: what is broken hides nothing, and of two agents by one name one wins (spec 1, discovery).
import { SHAPES } from '../../agents/shapes.ts';
import { must, should } from '../../check.ts';
import { equal, objects, ok, text } from '../../expect.ts';
import { envelope, healthOf } from '../../shapes.ts';
import { endingOf, fileOf } from './bundles.ts';

const BROKEN = ')( this is no program {{{';

export const DISCOVERY_CHECKS = [
  must('DISCOVERY-1', 'a file that is broken hides no other', async (subject) => {
    const pack = await subject.deploy([fileOf(subject), { filename: `broken${endingOf(subject)}`, source: BROKEN }]);
    const { agents, agent_count } = await healthOf(subject, pack.guid);
    equal([agents, agent_count], [['echo'], 1], 'the agents, agent_count');
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'the other agent');
  }),
  must('DISCOVERY-2', 'a file that is broken is shown with its error', async (subject) => {
    const filename = `broken${endingOf(subject)}`;
    const { guid } = await subject.deploy([fileOf(subject), { filename, source: BROKEN }]);
    const [first, ...more] = objects((await healthOf(subject, guid)).quarantined, 'quarantined');
    equal([first?.filename, more.length], [filename, 0], 'the filename, and how many more');
    ok(text(first?.error, 'its error').length > 3, 'the error says something');
  }),
  must('DISCOVERY-3', 'a pack whose files all are broken is there, and says so', async (subject) => {
    const pack = await subject.deploy([{ filename: `broken${endingOf(subject)}`, source: BROKEN }]);
    const { agents, quarantined } = await healthOf(subject, pack.guid);
    equal([agents, objects(quarantined, 'quarantined').length], [[], 1], 'the agents, how many are quarantined');
    envelope(await subject.call(pack, 'broken'), [404, 500], 'a call of it');
  }),
  must('DISCOVERY-4', 'nothing is quarantined that is not broken', async (subject) => {
    const { guid } = await subject.deployAgents(['echo', 'add', 'fail']);
    equal(objects((await healthOf(subject, guid)).quarantined ?? [], 'quarantined').length, 0, 'how many');
  }),
  must('DISCOVERY-5', 'of two agents by one name the later file wins', async (subject) => {
    const pack = await subject.deployAgents(['second', 'echo']);
    equal((await healthOf(subject, pack.guid)).agents, ['echo'], 'the agents');
    equal(await subject.output(pack, 'echo', { value: 1 }), { second: 1 }, 'the output');
  }),
  should('DISCOVERY-6', 'the agent that another one hides is reported', async (subject) => {
    const pack = await subject.deployAgents(['second', 'echo']);
    const { filename } = fileOf(subject);
    const health = JSON.stringify(await healthOf(subject, pack.guid));
    ok(health.includes(JSON.stringify(filename)), `the health of the pack names ${filename}`);
  }),
  must(
    'DISCOVERY-7',
    'a module that is missing is named',
    async (subject) => {
      const { guid } = await subject.deploy([SHAPES.pythonMissingModule]);
      const [first] = objects((await healthOf(subject, guid)).quarantined, 'quarantined');
      ok(text(first?.error, 'its error').includes('nobody_wrote_this_module'), 'the error names the module');
    },
    'python',
  ),
];
