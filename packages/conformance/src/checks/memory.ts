// Memory: of one user in one pack, kept, and nobody else's.
import { randomUUID } from 'node:crypto';
import { must } from '../check.ts';
import { equal } from '../expect.ts';

const SENTINEL = 'c0p110t0-aaaa-bbbb-cccc-123456789abc';

export const MEMORY_CHECKS = [
  must('MEMORY-1', 'what an agent remembers it recalls in a later call', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    const user = randomUUID();
    const value = { list: [1, 'ü', null] };
    await subject.output(pack, 'remember', { key: 'k', value }, user);
    equal(await subject.output(pack, 'recall', { key: 'k' }, user), value, 'what was recalled');
    equal(await subject.output(pack, 'recall', { key: 'other' }, user), null, 'what was never remembered');
  }),
  must('MEMORY-2', 'users of one pack share nothing', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    await subject.output(pack, 'remember', { key: 'k', value: 'secret' }, randomUUID());
    equal(await subject.output(pack, 'recall', { key: 'k' }, randomUUID()), null, 'what another user recalls');
    equal(await subject.output(pack, 'recall', { key: 'k' }), null, 'what the shared memory has');
  }),
  must(
    'MEMORY-3',
    'without a user, with one that is no guid, and with the sentinel it is the shared memory',
    async (subject) => {
      const pack = await subject.deployAgents(['remember', 'recall']);
      await subject.output(pack, 'remember', { key: 'k', value: 'shared' });
      for (const user of [undefined, 'not-a-guid', '../../x', SENTINEL, '']) {
        equal(await subject.output(pack, 'recall', { key: 'k' }, user), 'shared', `what "${String(user)}" recalls`);
      }
    },
  ),
  must('MEMORY-4', 'one user in two packs has two memories', async (subject) => {
    const user = randomUUID();
    const [one, two] = [await subject.deployAgents(['remember', 'recall']), await subject.deployAgents(['recall'])];
    await subject.output(one, 'remember', { key: 'k', value: 1 }, user);
    equal(await subject.output(two, 'recall', { key: 'k' }, user), null, 'what the other pack recalls');
  }),
  must('MEMORY-5', 'memory outlives an update of its pack, and not its removal', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    await subject.output(pack, 'remember', { key: 'k', value: 1 });
    const updated = await subject.deployAgents(['recall', 'echo'], subject.language, { pack_guid: pack.guid });
    equal(await subject.output(updated, 'recall', { key: 'k' }), 1, 'after an update');
    const headers = updated.token === undefined ? {} : { headers: { authorization: `Bearer ${updated.token}` } };
    await subject.send(`/api/pack/${pack.guid}`, { method: 'DELETE', ...headers });
    const again = await subject.deployAgents(['recall'], subject.language, { pack_guid: pack.guid });
    equal(await subject.output(again, 'recall', { key: 'k' }), null, 'after a removal');
  }),
  must('MEMORY-6', 'twenty calls that write at once lose nothing', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    const user = randomUUID();
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    await Promise.all(numbers.map((n) => subject.output(pack, 'remember', { key: `k${n}`, value: n }, user)));
    const got = await Promise.all(numbers.map((n) => subject.output(pack, 'recall', { key: `k${n}` }, user)));
    equal(got, numbers, 'what was recalled');
  }),
  must('MEMORY-7', 'two users who write at once both keep it', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    const users = Array.from({ length: 8 }, () => randomUUID());
    await Promise.all(users.map((user) => subject.output(pack, 'remember', { key: 'k', value: user }, user)));
    const got = await Promise.all(users.map((user) => subject.output(pack, 'recall', { key: 'k' }, user)));
    equal(got, users, 'what was recalled');
  }),
  must('MEMORY-8', 'keys that mean something to a language are keys', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    const user = randomUUID();
    for (const key of ['__proto__', 'constructor', 'a/b', '..']) {
      await subject.output(pack, 'remember', { key, value: key }, user);
      equal(await subject.output(pack, 'recall', { key }, user), key, `what "${key}" has`);
    }
  }),
];
