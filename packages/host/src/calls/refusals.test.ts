// What a call is told where its agent may be in a file that this host does not run.
import { PypesError, type Runtime } from '@pypes/contract';
import { createMemoryMemoryStore, createMemoryPackStore } from '@pypes/stores/memory';
import { expect, it } from 'vitest';
import { createHost } from '../index.ts';
import { createFakeRuntime, fake, requiredOnly } from '../testing/fake.ts';

const elsewhere: Runtime = {
  name: 'elsewhere',
  extensions: ['.py'],
  capabilities: { sandboxed: true, interruptible: true, context: false },
  load: () => Promise.reject(new PypesError('unsupported', 'Python is not run here')),
  close: async () => undefined,
};

async function deploy(agents: { readonly [filename: string]: string }, other = elsewhere) {
  const host = createHost({
    runtimes: [createFakeRuntime({ echo: (_context, args) => args }).runtime, other],
    schemas: requiredOnly,
    packs: createMemoryPackStore(),
    memory: createMemoryMemoryStore(),
  });
  const files = Object.entries(agents).map(([filename, source]) => ({ filename, source }));
  const { packGuid } = await host.deploy({ schema: 'pack/1.0', agents: files });
  const quarantined = (await (await host.get(packGuid))?.catalog.view())?.quarantined ?? [];
  return { quarantined, call: (agent: string) => host.call(packGuid, { agent }) };
}

const ECHO = fake({ name: 'echo', does: 'echo' });

it('a file whose language is not run here is kept, said to be that, and calls of its agents are unsupported', async () => {
  const { quarantined, call } = await deploy({ 'echo.fake': ECHO, 'weather_agent.py': 'x' });
  expect(quarantined).toMatchObject([{ filename: 'weather_agent.py', code: 'unsupported' }]);
  // Under the name of its file, and under any other: its metadata may name it.
  for (const name of ['weather', 'forecast'])
    await expect(call(name)).rejects.toMatchObject({ code: 'unsupported', details: { available: ['echo'] } });
  expect(await call('echo')).toEqual({});
});

it('a file that is broken is told from one that is only not run', async () => {
  const { quarantined, call } = await deploy({ 'broken.fake': '{', 'weather.py': 'x' });
  expect(quarantined.map(({ code }) => code)).toEqual([undefined, 'unsupported']);
  await expect(call('broken')).rejects.toMatchObject({ code: 'unknown_agent' });
});

it('a file that cannot be loaded now is tried again, and until then calls of its agents are unavailable', async () => {
  let isDown = true;
  const { runtime } = createFakeRuntime({ answer: () => 'loaded' });
  const away: Runtime = {
    ...elsewhere,
    load: async (file, limits) => {
      if (isDown) throw new PypesError('timeout', 'The endpoint does not answer');
      return runtime.load(file, limits);
    },
  };
  const files = { 'echo.fake': ECHO, 'weather.py': fake({ name: 'weather', does: 'answer' }) };
  const { quarantined, call } = await deploy(files, away);
  expect(quarantined).toMatchObject([{ filename: 'weather.py', code: 'unavailable' }]);
  await expect(call('weather')).rejects.toMatchObject({ code: 'unavailable' });
  expect(await call('echo')).toEqual({});
  isDown = false;
  expect(await call('weather')).toBe('loaded');
});

it('without such a file an unknown agent is unknown', async () => {
  const { call } = await deploy({ 'echo.fake': ECHO });
  await expect(call('nobody')).rejects.toMatchObject({ code: 'unknown_agent' });
});
