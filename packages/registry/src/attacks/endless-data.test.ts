// Endless data, too much data, and data that drips: every download ends by itself.
import { describe, expect, it } from 'vitest';
import { publishSkill } from '../repository/publish.ts';
import { rotateKeys } from '../repository/rotate.ts';
import { newSkill } from '../testing/skills.ts';
import { createVictim } from '../testing/victim.ts';

const PLACES = {
  root: /^2\.root\.json$/,
  timestamp: /^timestamp\.json$/,
  snapshot: /\.snapshot\.json$/,
  targets: /\.targets\.json$/,
  archive: /1\.1\.0\.skill$/,
};

async function prepare(place: keyof typeof PLACES, answer: () => Response) {
  const victim = await createVictim({ limits: { idleMs: 200, totalMs: 600, rootBytes: 50_000, targetsBytes: 50_000 } });
  await publishSkill(victim.repository, newSkill('finance', '1.1.0'), victim.online);
  await rotateKeys(victim.repository, { role: 'root' }, victim.all);
  victim.mirror.lie = (path) => (PLACES[place].test(path) ? answer() : undefined);
  return victim;
}

/** A body that goes on until nobody reads it any more. */
function toStream(pause: number, canceled: () => void = () => undefined): Response {
  const chunk = new Uint8Array(pause === 0 ? 4096 : 1);
  const body = new ReadableStream({
    pull: async (control) => {
      if (pause > 0) await new Promise((done) => setTimeout(done, pause));
      control.enqueue(chunk);
    },
    cancel: canceled,
  });
  return new Response(body);
}

describe('endless data', () => {
  for (const place of Object.keys(PLACES) as (keyof typeof PLACES)[]) {
    it(`stops a ${place} that goes on and on`, async () => {
      const victim = await prepare(place, () => toStream(0));
      await victim.refuses('endless');
    });

    it(`does not begin with a ${place} that announces too much`, async () => {
      const victim = await prepare(
        place,
        () => new Response(toStream(0).body, { headers: { 'content-length': '99999999999' } }),
      );
      await victim.refuses('too_large');
    });
  }

  it('gives up on an answer that never begins', async () => {
    const victim = await createVictim({ limits: { idleMs: 100 } });
    victim.mirror.lie = () => new Promise<never>(() => undefined);
    await victim.refuses('too_slow');
  });

  it('gives up on a body that stops', async () => {
    const victim = await prepare(
      'timestamp',
      () => new Response(new ReadableStream({ pull: () => new Promise(() => undefined) })),
    );
    await victim.refuses('too_slow');
  });

  it('gives up on a body that drips a byte at a time', async () => {
    const victim = await prepare('timestamp', () => toStream(50));
    const start = performance.now();
    await victim.refuses('too_slow');
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('refuses a signed skill that is larger than the client allows, before any byte of it', async () => {
    const victim = await createVictim({ limits: { skillBytes: 4_000 } });
    await publishSkill(victim.repository, newSkill('finance', '1.1.0', 'x'.repeat(10_000)), victim.online);
    let asked = false;
    victim.mirror.lie = (path) => {
      asked ||= /1\.1\.0\.skill$/.test(path);
      return undefined;
    };
    await victim.refuses('too_large');
    expect(asked).toBe(false);
  });

  it('follows no more roots than allowed', async () => {
    const victim = await createVictim({ limits: { rootRotations: 3 } });
    for (let count = 0; count < 5; count++) await rotateKeys(victim.repository, { role: 'root' }, victim.all);
    expect((await victim.client.refresh()).rootVersion).toBe(4);
    expect((await victim.client.refresh()).rootVersion).toBe(6);
  });
});
