// Calling agents: what goes in comes out.
import { randomUUID } from 'node:crypto';
import { must, should } from '../../check.ts';
import { equal, list, object, ok } from '../../expect.ts';
import { envelope, hasStatus } from '../../shapes.ts';
import { postCall } from './post-call.ts';

const VALUES: readonly unknown[] = [
  null,
  'text',
  '',
  'ünï¢ödé ☃ 𝄞 \u0000\n"\\',
  0,
  -1.5,
  1e21,
  2 ** 53 - 1,
  true,
  false,
  [],
  {},
  [1, 'a', null, [true], { deep: { er: [] } }],
  { '': 1, 'a b': [], ä: {} },
];

export const CALL_CHECKS = [
  must('CALL-1', 'any JSON value goes in and comes out as it was', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    for (const value of VALUES) equal(await subject.output(pack, 'echo', { value }), value, 'the output');
  }),
  must('CALL-2', 'an answer is JSON with status and output, and an output of nothing is null', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const answer = await subject.call(pack, 'echo', { value: 1 });
    hasStatus(answer, 200);
    ok(/^application\/json/.test(answer.headers['content-type'] ?? ''), 'content-type is application/json');
    equal(answer.json, { status: 'ok', output: 1 }, 'the answer');
    equal((await subject.call(pack, 'echo', {})).json, { status: 'ok', output: null }, 'the answer without a value');
  }),
  must('CALL-3', 'arguments may be left out', async (subject) => {
    const pack = await subject.deployAgents(['unit']);
    equal(await subject.output(pack, 'unit'), 'C', 'the output without args');
    equal(await subject.output(pack, 'unit', {}), 'C', 'the output with no argument in args');
    equal(await subject.output(pack, 'unit', { unit: 'F' }), 'F', 'the output with one');
  }),
  should('CALL-4', 'keys of a call that are unknown are no reason to refuse it', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const answer = await postCall(subject, pack, { name: 'echo', args: { value: 1 }, future_key: [1] });
    equal(answer.json, { status: 'ok', output: 1 }, 'the answer');
  }),
  must('CALL-5', 'an unknown pack is 404', async (subject) => {
    for (const guid of [randomUUID(), 'no-guid', '..%2f..%2fetc']) {
      envelope(await postCall(subject, { guid }, { name: 'echo' }), [404, 401, 403], guid);
    }
  }),
  must('CALL-6', 'an unknown agent is 404, and the answer lists those that there are', async (subject) => {
    const pack = await subject.deployAgents(['echo', 'add']);
    const { message, available } = envelope(await subject.call(pack, 'nobody'), 404);
    equal(message, 'unknown agent: nobody', 'the message');
    equal([...list(available, 'available')].sort(), ['add', 'echo'], 'available');
  }),
  must('CALL-7', 'names of a language, of a disk or of the contract are no agents', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    for (const name of ['__proto__', 'constructor', 'toString', '../echo', 'run', 'AGENT', 'Echo', 'echo ']) {
      envelope(await subject.call(pack, name), 404, `a call of "${name}"`);
    }
  }),
  must('CALL-8', 'the guid may be written in either case', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    equal(await subject.output({ ...pack, guid: pack.guid.toUpperCase() }, 'echo', { value: 1 }), 1, 'the output');
  }),
  must('CALL-9', 'logs, progress and prints of an agent do not get into its answer', async (subject) => {
    const pack = await subject.deployAgents(['say']);
    const answer = await subject.call(pack, 'say');
    equal(answer.json, { status: 'ok', output: 'said' }, 'the answer');
  }),
  must('CALL-10', 'an agent knows its pack, its name and its user', async (subject) => {
    const pack = await subject.deployAgents(['whoami']);
    const user = randomUUID();
    const got = object(await subject.output(pack, 'whoami', {}, { user }), 'the output');
    equal([got.user, got.pack, got.agent], [user, pack.guid, 'whoami'], 'user, pack, agent');
  }),
  must('CALL-11', 'an agent calls another one of its pack', async (subject) => {
    const pack = await subject.deployAgents(['relay', 'echo']);
    equal(await subject.output(pack, 'relay', { value: [1] }), { echoed: [1] }, 'the output');
  }),
  must('CALL-12', 'an agent calls none of another pack', async (subject) => {
    await subject.deployAgents(['echo']);
    const pack = await subject.deployAgents(['relay']);
    envelope(await subject.call(pack, 'relay', { value: 1 }), [500, 404, 403]);
  }),
];
