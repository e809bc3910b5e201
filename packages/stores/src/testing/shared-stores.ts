// What stores keep that several processes write to: one deploy of many wins whole, no memory is lost, nobody is misled.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { MemoryStore } from '@pypes/contract';
import { describe, expect, it } from 'vitest';
import type { SharedPackStore } from '../blob-packs.ts';
import { bytesOf, GUID, manifestOf, OTHER, textOf, USERS } from './suites.ts';

/** Where stores are, so that another process can open them. */
export type Place = { readonly driver: 's3' | 'azure-blob'; readonly options: object };

type Opened = { readonly packs: SharedPackStore; readonly memory: MemoryStore };
type Opening = {
  readonly newPlace: () => Promise<Place>;
  readonly open: (place: Place, more?: { readonly mostAgeMs?: number; readonly keepMs?: number }) => Opened;
};

const FIXTURE = join(import.meta.dirname, 'shared-stores.fixture.ts');
const ROUNDS = 12;
const FILES = ['a.py', 'b.py', 'c.py', 'd.py'];
const packOf = (mark: string, guid = GUID) => ({
  manifest: manifestOf(mark, guid),
  files: FILES.map((filename) => ({ filename, bytes: bytesOf(mark) })),
});

export function testSharedStores(name: string, { newPlace, open }: Opening): void {
  describe(`${name}, shared by processes`, () => {
    it('lets one of two deploys at once win whole, and tells the other', async () => {
      const place = await newPlace();
      const workers = await Promise.all(['one', 'two'].map((mark) => startWorker(place, mark)));
      const outcomes: string[] = [];
      const reader = open(place, { mostAgeMs: 0 });
      for (let round = 0; round < ROUNDS; round++) {
        const said = await Promise.all(workers.map((worker) => worker.ask(`deploy ${round}`)));
        const stored = await reader.packs.get(GUID);
        const marks = new Set([stored?.manifest.name, ...(stored?.files.map(({ bytes }) => textOf(bytes)) ?? [])]);
        const winners = workers.filter((_, index) => said[index] === 'stored').map(({ mark }) => `${mark} ${round}`);
        expect(marks.size).toBe(1);
        expect(stored?.files).toHaveLength(FILES.length);
        expect(winners).toContain([...marks][0]);
        for (const word of said) expect(['stored', 'conflict']).toContain(word);
        outcomes.push(...said);
      }
      for (const worker of workers) await worker.end();
      // Both begin a round from the same version: where they overlap one is told so, and no round is lost by both.
      expect(outcomes.filter((word) => word === 'stored').length).toBeGreaterThanOrEqual(ROUNDS);
      expect(outcomes).toContain('conflict');
    }, 120_000);

    it('keeps the memory that two processes write at once', async () => {
      const place = await newPlace();
      const workers = await Promise.all(['one', 'two'].map((mark) => startWorker(place, mark)));
      const said = await Promise.all(workers.map((worker) => worker.ask('remember 40')));
      expect(said).toEqual(['kept', 'kept']);
      for (const worker of workers) await worker.end();
      const { memory } = open(place);
      const shared = await memory.read({ packGuid: GUID });
      expect(shared.count).toBe(80);
      expect(Object.keys(shared)).toHaveLength(81);
      for (const [index, userGuid] of USERS.entries())
        expect(await memory.read({ packGuid: GUID, userGuid })).toEqual({ mark: ['one', 'two'][index], last: 39 });
    }, 120_000);

    it('refuses to replace what it has not seen, and takes it after a look', async () => {
      const place = await newPlace();
      const [one, two] = [open(place), open(place)];
      await one.packs.put(GUID, packOf('one'));
      await expect(two.packs.put(GUID, packOf('two'))).rejects.toMatchObject({ code: 'conflict' });
      expect((await two.packs.get(GUID))?.manifest.name).toBe('one');
      await two.packs.put(GUID, packOf('two'));
      await expect(one.packs.put(GUID, packOf('three'))).rejects.toMatchObject({ code: 'conflict' });
      await expect(one.packs.remove(GUID)).rejects.toMatchObject({ code: 'conflict' });
      expect((await one.packs.get(GUID))?.manifest.name).toBe('two');
      expect(await one.packs.remove(GUID)).toBe(true);
      await expect(two.packs.put(GUID, packOf('four'))).rejects.toMatchObject({ code: 'conflict' });
      expect(await two.packs.get(GUID)).toBeUndefined();
      await two.packs.put(GUID, packOf('five'));
      expect((await one.packs.get(GUID))?.manifest.name).toBe('five');
    });

    it('knows after a look what others have changed, and not before it is due', async () => {
      const place = await newPlace();
      const [one, two] = [open(place), open(place, { mostAgeMs: 3_600_000 })];
      await one.packs.put(GUID, packOf('one'));
      expect(two.packs.changed(GUID)).toBe(true);
      await two.packs.get(GUID);
      await two.packs.refresh(GUID, 0);
      expect(two.packs.changed(GUID)).toBe(false);
      await one.packs.put(GUID, packOf('two'));
      await two.packs.refresh(GUID);
      expect(two.packs.changed(GUID)).toBe(false);
      await two.packs.refresh(GUID, 0);
      expect(two.packs.changed(GUID)).toBe(true);
      expect((await two.packs.get(GUID))?.manifest.name).toBe('two');
      expect(two.packs.changed(GUID)).toBe(false);
      await one.packs.remove(GUID);
      await two.packs.refresh(GUID, 0);
      expect(two.packs.changed(GUID)).toBe(true);
      expect(await two.packs.get(GUID)).toBeUndefined();
    });

    it('shows a reader one version or the other while another store replaces it', async () => {
      const place = await newPlace();
      // Nothing that was replaced is kept, which is worse than it ever is.
      const [writer, reader] = [open(place, { keepMs: 0 }), open(place)];
      await writer.packs.put(GUID, packOf('0'));
      let isDone = false;
      const writing = (async () => {
        for (let n = 1; n <= 15; n++) await writer.packs.put(GUID, packOf(String(n)));
        isDone = true;
      })();
      while (!isDone) {
        const pack = await reader.packs.get(GUID);
        expect(new Set([pack?.manifest.name, ...(pack?.files.map(({ bytes }) => textOf(bytes)) ?? [])]).size).toBe(1);
        expect(pack?.files).toHaveLength(FILES.length);
      }
      await writing;
    });

    it('lists packs, not folders that hold memory alone', async () => {
      const place = await newPlace();
      const { packs, memory } = open(place);
      await memory.update({ packGuid: OTHER }, () => ({ a: 1 }));
      await packs.put(GUID, packOf('one'));
      expect((await packs.list()).map(({ pack_guid }) => pack_guid)).toEqual([GUID]);
    });

    it('refuses guids that are paths, and manifests that use its key', async () => {
      const { packs, memory } = open(await newPlace());
      for (const guid of ['../../etc', '..', '', `${GUID}/..`, GUID.toUpperCase()]) {
        await expect(packs.get(guid)).rejects.toMatchObject({ code: 'invalid_request' });
        await expect((async () => memory.read({ packGuid: GUID, userGuid: guid }))()).rejects.toMatchObject({
          code: 'invalid_request',
        });
      }
      const manifest = { ...manifestOf('one'), $stored: 1 };
      await expect(packs.put(GUID, { manifest, files: [] })).rejects.toMatchObject({ code: 'invalid_request' });
    });
  });
}

type Worker = { readonly mark: string; ask(line: string): Promise<string>; end(): Promise<void> };

/** Another process at the same place; it does one thing at a time, and says how it ended. */
async function startWorker(place: Place, mark: string): Promise<Worker> {
  const child: ChildProcess = spawn(process.execPath, [FIXTURE, JSON.stringify(place), mark], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  expect(await next()).toBe('ready');
  return {
    mark,
    ask(line) {
      child.stdin?.write(`${line}\n`);
      return next();
    },
    async end() {
      child.stdin?.end();
      await once(child, 'exit');
    },
  };
}
