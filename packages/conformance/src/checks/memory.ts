// Memory: of one user in one pack, kept, and nobody else's.
import { randomUUID } from 'node:crypto';
import { must } from '../check.ts';
import { equal } from '../expect.ts';
import { hasStatus } from '../shapes.ts';

const SENTINEL = 'c0p110t0-aaaa-bbbb-cccc-123456789abc';
const VALUES = ['', 'ü☃𝄞\n', 0, -1.5, true, false, [1, ['a']], { a: { b: [1] } }] as const;

export const MEMORY_CHECKS = [
  must('MEMORY-1', 'what an agent remembers it recalls in a later call', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    const user = randomUUID();
    const value = { list: [1, 'ü', 'x'] };
    await subject.output(pack, 'remember', { key: 'k', value }, { user });
    equal(await subject.output(pack, 'recall', { key: 'k' }, { user }), value, 'what was recalled');
    equal(await subject.output(pack, 'recall', { key: 'other' }, { user }), null, 'what was never remembered');
  }),
  must('MEMORY-2', 'users of one pack share nothing', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    await subject.output(pack, 'remember', { key: 'k', value: 'secret' }, { user: randomUUID() });
    const other = await subject.output(pack, 'recall', { key: 'k' }, { user: randomUUID() });
    equal(other, null, 'what another user recalls');
    equal(await subject.output(pack, 'recall', { key: 'k' }), null, 'what the shared memory has');
  }),
  must('MEMORY-3', 'without a user, and with the sentinel of nobody, it is the shared memory', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    await subject.output(pack, 'remember', { key: 'k', value: 'shared' });
    for (const user of [undefined, SENTINEL]) {
      equal(await subject.output(pack, 'recall', { key: 'k' }, { user }), 'shared', `what "${user}" recalls`);
    }
  }),
  must('MEMORY-4', 'with a user that is no guid it is the shared memory', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    await subject.output(pack, 'remember', { key: 'k', value: 'shared' });
    for (const user of ['not-a-guid', '../../x', '', 'shared', 7, null, { a: 1 }]) {
      const recalled = await subject.output(pack, 'recall', { key: 'k' }, { user });
      equal(recalled, 'shared', `what ${JSON.stringify(user)} recalls`);
    }
  }),
  must('MEMORY-5', 'one user in two packs has two memories', async (subject) => {
    const user = randomUUID();
    const one = await subject.deployAgents(['remember', 'recall']);
    const two = await subject.deployAgents(['recall']);
    await subject.output(one, 'remember', { key: 'k', value: 1 }, { user });
    equal(await subject.output(two, 'recall', { key: 'k' }, { user }), null, 'what the other pack recalls');
    equal(await subject.output(one, 'recall', { key: 'k' }, { user }), 1, 'what its own pack recalls');
  }),
  must('MEMORY-6', 'memory outlives an update of its pack', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    const user = randomUUID();
    await subject.output(pack, 'remember', { key: 'k', value: 1 });
    await subject.output(pack, 'remember', { key: 'k', value: 2 }, { user });
    const updated = await subject.deployAgents(['recall', 'echo'], { pack_guid: pack.guid });
    equal(await subject.output(updated, 'recall', { key: 'k' }), 1, 'the shared memory');
    equal(await subject.output(updated, 'recall', { key: 'k' }, { user }), 2, 'that of a user');
  }),
  must('MEMORY-7', 'memory ends with its pack', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    await subject.output(pack, 'remember', { key: 'k', value: 1 });
    hasStatus(await subject.send(`/api/pack/${pack.guid}`, { method: 'DELETE' }), 200, 'the removal');
    const again = await subject.deployAgents(['recall'], { pack_guid: pack.guid });
    equal(await subject.output(again, 'recall', { key: 'k' }), null, 'after a removal');
  }),
  must('MEMORY-8', 'twenty calls that write at once lose nothing', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    const user = randomUUID();
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    await Promise.all(numbers.map((n) => subject.output(pack, 'remember', { key: `k${n}`, value: n }, { user })));
    const got = await Promise.all(numbers.map((n) => subject.output(pack, 'recall', { key: `k${n}` }, { user })));
    equal(got, numbers, 'what was recalled');
  }),
  must('MEMORY-9', 'users who write at once each keep their own', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    const users = Array.from({ length: 8 }, () => randomUUID());
    await Promise.all(users.map((user) => subject.output(pack, 'remember', { key: 'k', value: user }, { user })));
    const got = await Promise.all(users.map((user) => subject.output(pack, 'recall', { key: 'k' }, { user })));
    equal(got, users, 'what was recalled');
  }),
  must('MEMORY-10', 'keys that mean something to a language or a disk are keys', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    const user = randomUUID();
    const keys = ['__proto__', 'constructor', 'a', 'A', 'a/b', 'a/../a', '..', 'ü ☃'];
    for (const key of keys) {
      equal(await subject.output(pack, 'recall', { key }, { user }), null, `what "${key}" has before`);
      await subject.output(pack, 'remember', { key, value: key }, { user });
    }
    for (const key of keys) equal(await subject.output(pack, 'recall', { key }, { user }), key, `what "${key}" has`);
  }),
  must('MEMORY-11', 'a value is replaced, and JSON of any kind is kept as it is', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    for (const value of VALUES) {
      await subject.output(pack, 'remember', { key: 'k', value });
      equal(await subject.output(pack, 'recall', { key: 'k' }), value, 'what was recalled');
    }
  }),
  must('MEMORY-12', 'a key that is deleted is gone, and no other', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall', 'forget']);
    for (const key of ['a', 'b']) await subject.output(pack, 'remember', { key, value: key });
    await subject.output(pack, 'forget', { key: 'a' });
    equal(await subject.output(pack, 'recall', { key: 'a' }), null, 'the deleted key');
    equal(await subject.output(pack, 'recall', { key: 'b' }), 'b', 'the other key');
  }),
  must('MEMORY-13', 'keys are listed by what they begin with', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'keys']);
    for (const key of ['b/2', 'a', 'b/1', 'c']) await subject.output(pack, 'remember', { key, value: 1 });
    const listed = await subject.output(pack, 'keys', { prefix: 'b/' });
    equal([...(Array.isArray(listed) ? listed : [])].sort(), ['b/1', 'b/2'], 'the keys');
  }),
  must('MEMORY-14', 'guids of a pack and of a user mean the same in either case', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    const user = randomUUID();
    await subject.output(pack, 'remember', { key: 'k', value: 1 }, { user });
    const loud = { ...pack, guid: pack.guid.toUpperCase() };
    equal(await subject.output(loud, 'recall', { key: 'k' }, { user: user.toUpperCase() }), 1, 'what was recalled');
  }),
];
