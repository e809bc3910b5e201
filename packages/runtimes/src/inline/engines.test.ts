// The engines of an isolate: few, and none ever of two users.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEngineStore } from './engines.ts';

class Toy {
  dead = false;
  disposed = false;
  user: string | undefined;
  dispose(): void {
    this.disposed = true;
  }
}

it('no engine is ever used for two users, or after it was given up, and there are never more than allowed', async () => {
  const step = fc.record({ file: fc.nat(2), user: fc.constantFrom('ann', 'bob', 'eve'), dies: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), async (steps, most) => {
      const made: Toy[] = [];
      const createEngines = createEngineStore(most);
      const files = Array.from({ length: 3 }, () =>
        createEngines(() => {
          const toy = new Toy();
          made.push(toy);
          return toy;
        }),
      );
      for (const { file, user, dies } of steps) {
        await files[file]?.run(user, (toy) => {
          expect(toy.disposed).toBe(false);
          expect(toy.user ?? user).toBe(user);
          toy.user = user;
          toy.dead = dies;
        });
        expect(made.filter(({ disposed }) => !disposed).length).toBeLessThanOrEqual(most);
      }
      for (const file of files) file.close();
      expect(made.every(({ disposed }) => disposed)).toBe(true);
    }),
  );
});

it('the first one is kept for the first user, and is that of nobody else then', async () => {
  const engines = createEngineStore(3)(() => new Toy());
  const first = await engines.first();
  expect(await engines.run('ann', (toy) => toy)).toBe(first);
  expect(await engines.run('bob', (toy) => toy)).not.toBe(first);
  expect(await engines.run('ann', (toy) => toy)).toBe(first);
});

it('a failure to make one costs no room', async () => {
  let fails = true;
  const engines = createEngineStore(1)(() => {
    if (fails) throw new Error('No');
    return new Toy();
  });
  await expect(engines.run('ann', () => 1)).rejects.toThrow('No');
  fails = false;
  expect(await engines.run('ann', () => 1)).toBe(1);
});
