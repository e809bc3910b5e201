// What is refused before an agent runs: bodies and arguments that are not what they should be.
import { must, should } from '../../check.ts';
import { equal, objects, ok } from '../../expect.ts';
import { envelope } from '../../shapes.ts';
import { postCall } from './post-call.ts';

export const ARGUMENT_CHECKS = [
  must('ARGS-1', 'without a name a call is refused with 400, with an empty body too', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    for (const body of ['', '{}', '{"name":""}', '{"name":7}', '{"name":null}', '{"name":["echo"]}']) {
      envelope(await postCall(subject, pack, body), 400, `the body ${body}`);
    }
  }),
  must('ARGS-2', 'a body that is no JSON object is refused with 400', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    for (const body of ['{"name":', '[]', '7', 'null', '{"name":"echo"} {}', "{'name':'echo'}"]) {
      envelope(await postCall(subject, pack, body), 400, `the body ${body}`);
    }
  }),
  must('ARGS-3', 'numbers that are none in JSON are refused with 400', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    for (const value of ['NaN', 'Infinity', '-Infinity', '0x10', '01']) {
      const body = `{"name":"echo","args":{"value":${value}}}`;
      envelope(await postCall(subject, pack, body), 400, `the body ${body}`);
    }
  }),
  must('ARGS-4', 'arguments that are no object are 400', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    for (const args of [[], 'text', 7, true]) {
      envelope(await subject.call(pack, 'echo', args), 400, `args ${JSON.stringify(args)}`);
    }
  }),
  must('ARGS-5', 'arguments that do not match the schema are 400', async (subject) => {
    const pack = await subject.deployAgents(['add']);
    equal(await subject.output(pack, 'add', { a: 2, b: 3 }), 5, 'the sum');
    for (const args of [{ a: 1 }, { a: 1, b: 'x' }, { a: 1, b: null }, { a: 1, b: 2, c: 3 }, {}]) {
      envelope(await subject.call(pack, 'add', args), 400, `add of ${JSON.stringify(args)}`);
    }
  }),
  must('ARGS-6', 'left-out arguments are checked too', async (subject) => {
    const pack = await subject.deployAgents(['add']);
    envelope(await subject.call(pack, 'add'), 400);
  }),
  must('ARGS-7', 'the answer lists what is wrong, each with a message', async (subject) => {
    const pack = await subject.deployAgents(['add']);
    const body = envelope(await subject.call(pack, 'add', { a: 'x', b: 'y' }), 400);
    const lists = Object.values(body).filter((each) => Array.isArray(each));
    const [wrong] = lists;
    ok(wrong !== undefined && wrong.length > 0, 'the envelope has a list of what is wrong');
    ok(/\b[ab]\b/.test(JSON.stringify(wrong)), 'it names what is wrong');
  }),
  should('ARGS-8', 'the answer lists all that is wrong, not the first of it', async (subject) => {
    const pack = await subject.deployAgents(['add']);
    const { errors } = envelope(await subject.call(pack, 'add', { a: 'x', b: 'y' }), 400);
    equal(objects(errors, 'errors').length, 2, 'how many errors there are');
  }),
  must('ARGS-9', 'an agent does not run with arguments that do not match', async (subject) => {
    const pack = await subject.deployAgents(['strict', 'recall']);
    for (const args of [{ n: 0 }, { n: 1.5 }, { n: '1' }, { n: 1, kind: 'c' }, {}]) {
      envelope(await subject.call(pack, 'strict', args), 400, `strict of ${JSON.stringify(args)}`);
    }
    equal(await subject.output(pack, 'recall', { key: 'ran' }), null, 'what it would have remembered');
    equal(await subject.output(pack, 'strict', { n: 3, kind: 'a' }), 3, 'the output with right arguments');
    equal(await subject.output(pack, 'recall', { key: 'ran' }), 3, 'what it remembered then');
  }),
];
