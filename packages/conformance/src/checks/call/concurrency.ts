// Many calls at once: each gets its own answer, and knows its own user.
import { randomUUID } from 'node:crypto';
import { must, should } from '../../check.ts';
import { equal, object } from '../../expect.ts';

export const CONCURRENCY_CHECKS = [
  must('MANY-1', 'fifty calls at once each get their own answer', async (subject) => {
    const pack = await subject.deployAgents(['echo']);
    const numbers = Array.from({ length: 50 }, (_, n) => n);
    const got = await Promise.all(numbers.map((n) => subject.output(pack, 'echo', { value: { n } })));
    equal(
      got,
      numbers.map((n) => ({ n })),
      'the outputs',
    );
  }),
  must('MANY-2', 'users who call at once are not taken for each other', async (subject) => {
    const pack = await subject.deployAgents(['whoami']);
    const users = Array.from({ length: 20 }, () => randomUUID());
    const got = await Promise.all(users.map((user) => subject.output(pack, 'whoami', {}, { user })));
    equal(
      got.map((each) => object(each, 'the output').user),
      users,
      'the users',
    );
  }),
  must('MANY-3', 'packs that are called at once are not taken for each other', async (subject) => {
    const packs = [await subject.deployAgents(['whoami']), await subject.deployAgents(['whoami'])];
    const all = [...packs, ...packs, ...packs, ...packs];
    const got = await Promise.all(all.map((pack) => subject.output(pack, 'whoami')));
    equal(
      got.map((each) => object(each, 'the output').pack),
      all.map(({ guid }) => guid),
      'the packs',
    );
  }),
  should('MANY-4', 'packs that are deployed at once are all there', async (subject) => {
    const packs = await Promise.all(Array.from({ length: 5 }, () => subject.deployAgents(['echo'])));
    const got = await Promise.all(packs.map((pack, n) => subject.output(pack, 'echo', { value: n })));
    equal(got, [0, 1, 2, 3, 4], 'the outputs');
  }),
];
