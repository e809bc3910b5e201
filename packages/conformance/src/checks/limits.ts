// Limits: what real packs need fits, and crossing one is an error that says so, for that call alone.
import { must, should, slow } from '../check.ts';
import { equal } from '../expect.ts';
import { envelope, orHungUp } from '../shapes.ts';
import { bundle, endingOf, fileOf, post } from './deploy/bundles.ts';

const MEBIBYTE = 1024 * 1024;
/** More than an endpoint takes by default, whatever it is: a bundle has 64 MiB at most. */
const TOO_MUCH = 65 * MEBIBYTE;
const GONE_MS = 500;

export const LIMIT_CHECKS = [
  must('LIMIT-1', 'half a mebibyte of arguments and of output is fine', async (subject) => {
    const pack = await subject.deployAgents(['echo', 'flood']);
    const value = 'x'.repeat(MEBIBYTE / 2);
    equal(await subject.output(pack, 'echo', { value }), value, 'the output');
    equal(await subject.output(pack, 'flood', { bytes: MEBIBYTE / 2 }), value, 'the output');
  }),
  must('LIMIT-2', 'a file of one mebibyte is fine', async (subject) => {
    const { filename, source } = fileOf(subject);
    const comment = { '.lispy': ';', '.lua': '--', '.py': '#' }[endingOf(subject)] ?? '//';
    const line = `${comment} ${'x'.repeat(100)}\n`;
    const pack = await subject.deploy([{ filename, source: source + line.repeat(MEBIBYTE / line.length - 10) }]);
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'the output');
  }),
  must('LIMIT-3', 'output without bounds is an error of that call', async (subject) => {
    const pack = await subject.deployAgents(['flood', 'echo']);
    envelope(await subject.call(pack, 'flood', { bytes: 64 * MEBIBYTE }), [500, 413, 507]);
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'a call afterwards');
  }),
  must('LIMIT-4', 'arguments that are nested very deep do no harm', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const depth = 100_000;
    const body = `{"name":"echo","args":{"value":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
    const answer = await subject.send(`/api/pack/${pack.guid}/agent`, { method: 'POST', body });
    if (answer.status !== 200) envelope(answer, [400, 413, 422, 500]);
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'a call afterwards');
  }),
  slow(
    must('LIMIT-5', 'arguments of more than 64 MiB are 413 and never reach an agent', async (subject) => {
      const pack = await subject.deployAgents(['echo']);
      const path = `/api/pack/${pack.guid}/agent`;
      const body = `{"name":"echo","args":{"value":"${'x'.repeat(TOO_MUCH)}"}}`;
      const answer = await orHungUp(subject.send(path, { method: 'POST', body }));
      if (answer !== undefined) envelope(answer, 413);
      equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'a call afterwards');
    }),
  ),
  slow(
    must('LIMIT-6', 'they are 413 too where nobody says how long they are', async (subject) => {
      const pack = await subject.deployAgents(['echo']);
      const path = `/api/pack/${pack.guid}/agent`;
      const body = `{"name":"echo","args":{"value":"${'x'.repeat(TOO_MUCH)}"}}`;
      const answer = await orHungUp(subject.send(path, { method: 'POST', body, chunked: true }));
      if (answer !== undefined) envelope(answer, 413);
      equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'a call afterwards');
    }),
  ),
  slow(
    must('LIMIT-7', 'a bundle of more than 64 MiB is 413 and changes nothing', async (subject) => {
      const pack = await subject.deployAgents(['echo']);
      const agents = [{ ...fileOf(subject, 'add'), description: 'x'.repeat(TOO_MUCH) }];
      const answer = await orHungUp(post(subject, bundle(subject, { pack_guid: pack.guid, agents })));
      if (answer !== undefined) envelope(answer, 413);
      equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'a call afterwards');
    }),
  ),
  slow(
    must('LIMIT-8', 'a call that never ends is 504, and others go on meanwhile', async (subject) => {
      const pack = await subject.deployAgents(['spin', 'echo']);
      const spinning = subject.call(pack, 'spin');
      for (let n = 0; n < 5; n++) equal(await subject.output(pack, 'echo', { value: n }), n, 'a call meanwhile');
      envelope(await spinning, [504, 500]);
      equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'a call afterwards');
    }),
  ),
  slow(
    must('LIMIT-9', 'a call that takes all memory it can get is an error of that call', async (subject) => {
      const pack = await subject.deployAgents(['swell', 'echo']);
      envelope(await subject.call(pack, 'swell'), [500, 504, 507]);
      equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'a call afterwards');
    }),
  ),
  slow(
    should('LIMIT-10', 'a caller who goes away leaves nothing behind', async (subject) => {
      const pack = await subject.deployAgents(['spin', 'echo']);
      const gone = Array.from({ length: 4 }, () => subject.call(pack, 'spin', {}, { timeoutMs: GONE_MS }));
      await Promise.allSettled(gone);
      const calls = Array.from({ length: 10 }, (_, n) => subject.output(pack, 'echo', { value: n }));
      equal(await Promise.all(calls), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 'calls afterwards');
    }),
  ),
];
