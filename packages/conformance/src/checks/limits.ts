// Limits: crossing one is an error that says so, for that call alone.
import { must, should, slow } from '../check.ts';
import { equal } from '../expect.ts';
import { envelope } from '../shapes.ts';

const MEBIBYTE = 1024 * 1024;

export const LIMIT_CHECKS = [
  must('LIMIT-1', 'arguments of more than 64 MiB are 413 and never reach an agent', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const path = `/api/pack/${pack.guid}/agent`;
    const headers = pack.token === undefined ? {} : { authorization: `Bearer ${pack.token}` };
    // An endpoint may answer, and hang up, before it has read all of it.
    const body = `{"name":"echo","args":{"value":"${'x'.repeat(65 * MEBIBYTE)}"}}`;
    const answer = await subject.send(path, { method: 'POST', headers, body }).catch(() => undefined);
    if (answer !== undefined) envelope(answer, 413);
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'a call afterwards');
  }),
  must('LIMIT-2', 'half a mebibyte of arguments and of output is fine', async (subject) => {
    const pack = await subject.deployAgents(['echo', 'flood']);
    const value = 'x'.repeat(MEBIBYTE / 2);
    equal(await subject.output(pack, 'echo', { value }), value, 'the output');
    equal(await subject.output(pack, 'flood', { bytes: MEBIBYTE / 2 }), value, 'the output');
  }),
  must('LIMIT-3', 'output without bounds is an error of that call', async (subject) => {
    const pack = await subject.deployAgents(['flood', 'echo']);
    envelope(await subject.call(pack, 'flood', { bytes: 64 * MEBIBYTE }), [500, 413, 507]);
    equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'a call afterwards');
  }),
  slow(
    must('LIMIT-4', 'a call that never ends is 504, and others go on meanwhile', async (subject) => {
      const pack = await subject.deployAgents(['spin', 'echo']);
      const spinning = subject.call(pack, 'spin');
      for (let n = 0; n < 5; n++) equal(await subject.output(pack, 'echo', { value: n }), n, 'a call meanwhile');
      envelope(await spinning, [504, 500]);
      equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'a call afterwards');
    }),
  ),
  slow(
    should('LIMIT-5', 'a call that takes all memory it can get is an error of that call', async (subject) => {
      const pack = await subject.deployAgents(['swell', 'echo']);
      const swelling = subject.call(pack, 'swell');
      envelope(await swelling, [500, 504, 507]);
      equal(await subject.output(pack, 'echo', { value: 1 }), 1, 'a call afterwards');
    }),
  ),
];
