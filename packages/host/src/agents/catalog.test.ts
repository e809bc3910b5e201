// How often a catalog looks at the disk: once for the calls that begin together, anew for every other one.
import { DEFAULT_LIMITS } from '@pypes/contract';
import { expect, it } from 'vitest';
import { filesOfFolder } from '../packs/files.ts';
import { createFakeFolder, createFakeRuntime, fake, requiredOnly } from '../testing/fake.ts';
import { type Catalog, createCatalog } from './catalog.ts';

function setup() {
  const folder = createFakeFolder(new Map([['echo.fake', fake({ name: 'echo', does: 'echo' })]]));
  let looks = 0;
  const { runtime } = createFakeRuntime({ echo: (_context, args) => args });
  const catalog = createCatalog({
    packGuid: folder.packGuid,
    files: filesOfFolder({
      ...folder,
      changed(path) {
        looks += 1;
        return folder.changed(path);
      },
    }),
    runtimes: [runtime],
    schemas: requiredOnly,
    limits: DEFAULT_LIMITS,
  });
  return { folder, catalog, looks: () => looks };
}

async function descriptionOf(catalog: Catalog): Promise<string | undefined> {
  const held = await catalog.acquire('echo');
  held?.release();
  return held?.entry.metadata.description;
}

it('looks once for the calls that wait to begin, and anew for what comes after them', async () => {
  const { folder, catalog, looks } = setup();
  expect(await descriptionOf(catalog)).toBe('');
  const before = looks();
  const gathered = Promise.resolve();
  await Promise.all(Array.from({ length: 32 }, () => gathered.then(() => descriptionOf(catalog))));
  expect(looks() - before).toBe(1);
  folder.set('echo.fake', fake({ name: 'echo', does: 'echo', description: 'changed' }));
  expect(await descriptionOf(catalog)).toBe('changed');
});

it('sees a change that the call before made possible, however soon the next one begins', async () => {
  const { folder, catalog } = setup();
  await descriptionOf(catalog);
  for (let times = 0; times < 20; times++) {
    await descriptionOf(catalog);
    folder.set('echo.fake', fake({ name: 'echo', does: 'echo', description: `version ${times}` }));
    expect(await descriptionOf(catalog)).toBe(`version ${times}`);
  }
});
