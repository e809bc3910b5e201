// What the system says of a process: the same by the kernel's files and by ps, which macOS has alone.
import { expect, it } from 'vitest';
import { readFromPs, readUsages } from './usage.ts';

const hasPs = await readFromPs([process.pid]).then((found) => found.size > 0);

it('this process has memory, and has computed', async () => {
  const usage = (await readUsages([process.pid])).get(process.pid);
  expect(usage?.memoryBytes).toBeGreaterThan(10_000_000);
  expect(usage?.cpuMs).toBeGreaterThan(0);
});

it.skipIf(!hasPs)('ps agrees (skipped where there is no ps)', async () => {
  const [usage, other] = [await readUsages([process.pid]), await readFromPs([process.pid])];
  const [kernel, ps] = [usage.get(process.pid), other.get(process.pid)];
  expect(Math.abs((ps?.cpuMs ?? 0) - (kernel?.cpuMs ?? 0))).toBeLessThan(3_000);
  expect((ps?.memoryBytes ?? 0) / (kernel?.memoryBytes ?? 1)).toBeGreaterThan(0.5);
});

it('a process that is gone has nothing', async () => {
  expect((await readUsages([2 ** 22 + 1])).size).toBe(0);
});
