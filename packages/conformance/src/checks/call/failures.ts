// Agents that fail: each failure is an error of its own call, and says what happened.
import { must } from '../../check.ts';
import { equal, ok, text } from '../../expect.ts';
import { envelope } from '../../shapes.ts';

const MOST_CHARACTERS = 20_000;

export const FAILURE_CHECKS = [
  must('FAIL-1', 'an agent that fails is 500, with its own message', async (subject) => {
    const pack = await subject.deployAgents(['fail', 'echo']);
    const { message } = envelope(await subject.call(pack, 'fail'), 500);
    ok(text(message, 'the message').includes('broken on purpose'), "the agent's own message is in the message");
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'a call of another agent');
  }),
  must('FAIL-2', 'a failure has no more than a short trace', async (subject) => {
    const pack = await subject.deployAgents(['fail']);
    const { length } = JSON.stringify(envelope(await subject.call(pack, 'fail'), 500));
    ok(length < MOST_CHARACTERS, `the answer has less than ${MOST_CHARACTERS} characters, it has ${length}`);
  }),
  must('FAIL-3', 'a result that breaks the schema of the agent is an error, not an answer', async (subject) => {
    const pack = await subject.deployAgents(['lie']);
    envelope(await subject.call(pack, 'lie'), 500);
  }),
  must('FAIL-4', 'a result that is no JSON is an error, not an answer', async (subject) => {
    const pack = await subject.deployAgents(['unjson', 'echo']);
    envelope(await subject.call(pack, 'unjson'), 500);
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'a call of another agent');
  }),
  must('FAIL-5', 'an agent that calls itself without end is stopped', async (subject) => {
    const pack = await subject.deployAgents(['recurse', 'echo']);
    envelope(await subject.call(pack, 'recurse'), [500, 504, 507]);
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'a call of another agent');
  }),
  must('FAIL-6', 'calls that fail disturb no others that run beside them', async (subject) => {
    const pack = await subject.deployAgents(['fail', 'echo']);
    const calls = Array.from({ length: 20 }, async (_, n) => {
      if (n % 2 === 0) envelope(await subject.call(pack, 'fail'), 500);
      else equal(await subject.output(pack, 'echo', { value: n }), n, 'the output of a call beside');
    });
    await Promise.all(calls);
  }),
];
