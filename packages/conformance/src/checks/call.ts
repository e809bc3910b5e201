// Calling agents: what goes in, what comes out, and what is said when it does not work.
import { randomUUID } from 'node:crypto';
import { must, should } from '../check.ts';
import { equal, list, object, ok, oneOf, text } from '../expect.ts';
import { envelope } from '../shapes.ts';

const VALUES: readonly unknown[] = [
  'text',
  '',
  'ünï¢ödé ☃ 𝄞 \u0000\n"\\',
  0,
  -1.5,
  1e21,
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
  must('CALL-2', 'without a name a call is refused with 400, with an empty body too', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    for (const body of ['', '{}', '{"name":""}', '{"name":7}']) {
      envelope(await subject.send(`/api/pack/${pack.guid}/agent`, { method: 'POST', body, ...authorized(pack) }), 400);
    }
  }),
  must('CALL-3', 'a body that is no JSON object is refused with 400', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    for (const body of ['{"name":', '[]', '7']) {
      envelope(await subject.send(`/api/pack/${pack.guid}/agent`, { method: 'POST', body, ...authorized(pack) }), 400);
    }
  }),
  must('CALL-4', 'an unknown pack is 404', async (subject) => {
    for (const guid of [randomUUID(), 'no-guid', '..%2f..%2fetc']) {
      const answer = await subject.send(`/api/pack/${guid}/agent`, { method: 'POST', body: { name: 'echo' } });
      envelope(answer, [404, 401, 403]);
    }
  }),
  must('CALL-5', 'an unknown agent is 404, and the answer lists those that there are', async (subject) => {
    const pack = await subject.deployAgents(['echo', 'add']);
    const { message, available } = envelope(await subject.call(pack, 'nobody'), 404);
    equal(message, 'unknown agent: nobody', 'the message');
    equal([...list(available, 'available')].sort(), ['add', 'echo'], 'available');
  }),
  must('CALL-6', 'names of the language are no agents', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    for (const name of ['__proto__', 'constructor', 'toString', '../echo', 'run', 'AGENT']) {
      envelope(await subject.call(pack, name), 404);
    }
  }),
  must('CALL-7', 'the guid may be written in either case', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    equal(await subject.output({ ...pack, guid: pack.guid.toUpperCase() }, 'echo', { value: 1 }), 1, 'the output');
  }),
  must('CALL-8', 'arguments that do not match the schema are 400, with what is wrong', async (subject) => {
    const pack = await subject.deployAgents(['add']);
    equal(await subject.output(pack, 'add', { a: 2, b: 3 }), 5, 'the sum');
    for (const args of [{ a: 1 }, { a: 1, b: 'x' }, { a: 1, b: 2, c: 3 }, {}]) {
      const body = envelope(await subject.call(pack, 'add', args), 400);
      ok(
        Object.values(body).some((each) => Array.isArray(each) && each.length > 0),
        'the envelope lists what is wrong',
      );
    }
  }),
  must('CALL-9', 'arguments that are no object are 400', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    for (const args of [[], 'text', 7, true]) envelope(await subject.call(pack, 'echo', args), 400);
  }),
  must(
    'CALL-10',
    'an agent that fails is 500, with its own message and no more than a short trace',
    async (subject) => {
      const pack = await subject.deployAgents(['fail', 'echo']);
      const body = envelope(await subject.call(pack, 'fail'), 500);
      ok(JSON.stringify(body).includes('broken on purpose'), "the agent's own message is there");
      ok(JSON.stringify(body).length < 20_000, 'the trace is short');
      equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'another call afterwards');
    },
  ),
  should('CALL-11', 'a result that breaks the schema of the agent is an error, not an answer', async (subject) => {
    const pack = await subject.deployAgents(['lie']);
    envelope(await subject.call(pack, 'lie'), 500);
  }),
  must('CALL-12', 'logs, progress and prints of an agent do not get into its answer', async (subject) => {
    const pack = await subject.deployAgents(['say']);
    equal(await subject.output(pack, 'say'), 'said', 'the output');
  }),
  must('CALL-13', 'an agent knows its pack, its name and its user', async (subject) => {
    const pack = await subject.deployAgents(['whoami']);
    const user = randomUUID();
    const got = object(await subject.output(pack, 'whoami', {}, user), 'the output');
    equal([got.user, got.pack, got.agent], [user, pack.guid, 'whoami'], 'user, pack, agent');
  }),
  must('CALL-14', 'an agent calls another one of its pack', async (subject) => {
    const pack = await subject.deployAgents(['relay', 'echo']);
    equal(await subject.output(pack, 'relay', { value: [1] }), { echoed: [1] }, 'the output');
  }),
  must('CALL-15', 'fifty calls at once each get their own answer', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const numbers = Array.from({ length: 50 }, (_, n) => n);
    const got = await Promise.all(numbers.map((n) => subject.output(pack, 'echo', { value: { n } })));
    equal(
      got,
      numbers.map((n) => ({ n })),
      'the outputs',
    );
  }),
  must('CALL-16', 'calls during an update see the old agents or the new ones, never a mixture', async (subject) => {
    const pack = await subject.deployAgents(['echo', 'relay']);
    const calls = Array.from({ length: 30 }, async (_, n) => {
      const answer = await subject.call(pack, 'relay', { value: n });
      // Where packs have tokens, the update has given it another one.
      oneOf(answer.status, [200, 404, 401, 403], 'the status of a call during an update');
      if (answer.status === 200) equal(object(answer.json, 'the answer').output, { echoed: n }, 'the output');
    });
    await subject.deployAgents(['add'], subject.language, { pack_guid: pack.guid });
    await Promise.all(calls);
    envelope(await subject.call(pack, 'relay'), 404);
  }),
  must('CALL-17', 'an answer is JSON that says so', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const answer = await subject.call(pack, 'echo', { value: 1 });
    ok(/^application\/json/.test(text(answer.headers['content-type'], 'content-type')), 'content-type');
  }),
];

function authorized({ token }: { readonly token?: string }) {
  return token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };
}
