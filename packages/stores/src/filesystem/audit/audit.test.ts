// The audit log under kill -9, full disks, several writers and hands that change it afterwards.
import { spawn, spawnSync } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuditCrypto, verifyAudit } from '@pypes/guard';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createFilesystemAuditLog, listAuditFiles } from './index.ts';

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-audit-'));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const crypto: AuditCrypto = {
  sha256: async (bytes) => createHash('sha256').update(bytes).digest('hex'),
  verify: async (key, text, signature) =>
    verify(
      null,
      Buffer.from(text),
      createPublicKey({ key: Buffer.from(key, 'base64'), type: 'spki', format: 'der' }),
      Buffer.from(signature, 'base64'),
    ),
};
const check = async (path: string) => verifyAudit(new Uint8Array(readFileSync(path)), crypto);
const open = (folder: string, more: { segmentBytes?: number; onError?: (error: unknown) => void } = {}) =>
  createFilesystemAuditLog({
    folder,
    onError: (error) => {
      throw error;
    },
    ...more,
  });

/** Marks of all records that lie under a seal of a segment that verifies. */
async function marksIn(folder: string): Promise<ReadonlySet<number>> {
  const marks = new Set<number>();
  for (const name of listAuditFiles(folder).segments) {
    const report = await check(join(folder, name));
    expect([name, report.faults]).toEqual([name, []]);
    const lines = readFileSync(join(folder, name), 'utf8').split('\n');
    const sealed = lines.slice(
      0,
      lines.findLastIndex((line) => line.startsWith('{"seal":')),
    );
    for (const line of sealed) {
      const { mark } = JSON.parse(line) as { mark?: number };
      if (mark !== undefined) marks.add(mark);
    }
  }
  return marks;
}

describe('kill -9', () => {
  it('leaves a chain that verifies and has every record that was settled, twenty times over', async () => {
    const folder = newFolder();
    let done = -1;
    for (let kills = 0; kills < 20; kills++) {
      done = Math.max(done, await runAndKill(folder, done + 1));
      const marks = await marksIn(folder);
      for (let mark = 0; mark <= done; mark++) if (!marks.has(mark)) throw new Error(`The record ${mark} is lost`);
    }
    expect(done).toBeGreaterThan(100);
    expect(listAuditFiles(folder).segments.length).toBeGreaterThan(1);
  }, 120_000);

  it('is recovered from at every byte of the last batch', async () => {
    const folder = newFolder();
    const log = open(folder);
    log.write('{"mark":1}');
    await log.settled();
    const path = join(folder, '000001.jsonl');
    const before = statSync(path).size;
    log.write('{"mark":2,"text":"ü"}');
    log.write('{"mark":3}');
    await log.settled();
    log.close();
    const whole = readFileSync(path);
    const batchEnd = whole.indexOf('{"signature":');
    for (let cut = before; cut <= batchEnd; cut++) {
      const copy = newFolder();
      cpSync(join(folder, 'signing.key'), join(copy, 'signing.key'));
      writeFileSync(join(copy, '000001.jsonl'), whole.subarray(0, cut));
      const next = open(copy);
      next.write('{"mark":4}');
      await next.settled();
      next.close();
      const marks = await marksIn(copy);
      expect([cut, marks.has(1), marks.has(4)]).toEqual([cut, true, true]);
      if (cut === batchEnd) expect([...marks]).toEqual([1, 2, 3, 4]);
    }
  });
});

function runAndKill(folder: string, from: number): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'audit.fixture.ts'), folder, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), Math.random() * 60));
  return new Promise((ended) => {
    child.once('exit', () => ended(Number(said.split('\n').at(-2) ?? -1)));
  });
}

describe('a log', () => {
  it('is one chain through several lives, signed at each end', async () => {
    const folder = newFolder();
    for (const mark of [1, 2, 3]) {
      const log = open(folder);
      log.write(JSON.stringify({ mark }));
      await log.settled();
      log.close();
    }
    const report = await check(join(folder, '000001.jsonl'));
    expect(report).toMatchObject({ records: 3, signed: 3, faults: [], unsealed: { lines: 0, bytes: 0 } });
  });

  it('gives a second process a log of its own, and takes that up when it has ended', async () => {
    const folder = newFolder();
    const log = open(folder);
    log.write('{"mark":1}');
    await log.settled();
    spawnSync(process.execPath, [join(import.meta.dirname, 'audit.fixture.ts'), folder, '0', '3'], { stdio: 'ignore' });
    const [side = ''] = listAuditFiles(folder).sides;
    expect(await check(join(folder, side))).toMatchObject({ records: 6, signed: 6, faults: [] });
    log.close();
    const next = open(folder);
    next.write('{"mark":2}');
    await next.settled();
    next.close();
    const { sides, adopted } = listAuditFiles(folder);
    expect([sides, adopted.length]).toEqual([[], 1]);
    const { seal } = await check(join(folder, String(adopted[0])));
    expect(readFileSync(join(folder, '000001.jsonl'), 'utf8')).toContain(JSON.stringify({ file: adopted[0], seal }));
    expect(readdirSync(folder).filter((name) => name.includes('writer'))).toEqual([]);
  });

  it('leaves the segments to the process that took them over while it slept', async () => {
    const folder = newFolder();
    const slept = open(folder);
    slept.write('{"mark":1}');
    await slept.settled();
    const writer = join(folder, 'writer');
    rmSync(writer);
    const other = open(folder);
    other.write('{"mark":2}');
    await other.settled();
    slept.write('{"mark":3}');
    await slept.settled();
    other.write('{"mark":4}');
    await other.settled();
    slept.close();
    other.close();
    expect([...(await marksIn(folder))]).toEqual([1, 2, 4]);
    const [side = ''] = listAuditFiles(folder).sides;
    expect(await check(join(folder, side))).toMatchObject({ records: 1, faults: [] });
  });

  it('says that it cannot write, keeps what it has, and writes it when it can', async () => {
    const folder = newFolder();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file where the folder should be');
    const failures: unknown[] = [];
    const log = open(folder, { onError: (error) => failures.push(error) });
    log.check();
    log.write('{"mark":1}');
    await expect(log.settled()).rejects.toMatchObject({ code: 'unavailable' });
    expect(() => log.check()).toThrow(expect.objectContaining({ code: 'unavailable' }));
    rmSync(folder);
    log.write('{"mark":2}');
    await log.settled();
    log.check();
    log.close();
    expect([...(await marksIn(folder))]).toEqual([1, 2]);
    expect(failures).toHaveLength(1);
  });

  it('does not sign with another key what one key began', async () => {
    const folder = newFolder();
    for (const mark of [1, 2]) {
      const log = open(folder);
      log.write(JSON.stringify({ mark }));
      await log.settled();
      log.close();
      rmSync(join(folder, 'signing.key'));
    }
    const [one, two] = await Promise.all(['000001.jsonl', '000002.jsonl'].map((name) => check(join(folder, name))));
    expect([one?.faults, two?.faults, one?.key === two?.key]).toEqual([[], [], false]);
  });

  it('leaves a segment that was damaged as it is, and begins another', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, '000001.jsonl'), 'not a log\nat all\n');
    const log = open(folder);
    log.write('{"mark":1}');
    await log.settled();
    log.close();
    expect(readFileSync(join(folder, '000001.jsonl'), 'utf8')).toBe('not a log\nat all\n');
    expect((await check(join(folder, '000001.jsonl'))).faults).toHaveLength(1);
    expect(await check(join(folder, '000002.jsonl'))).toMatchObject({
      records: 1,
      faults: [],
      previous: { file: '000001.jsonl' },
    });
  });
});

describe('an attacker', () => {
  it('changes no byte under a seal without being noticed', async () => {
    const folder = newFolder();
    const log = open(folder);
    for (const mark of [1, 2, 3]) {
      log.write(JSON.stringify({ mark }));
      await log.settled();
    }
    log.close();
    const bytes = readFileSync(join(folder, '000001.jsonl'));
    const signature = bytes.indexOf('{"signature":');
    // What stands before the signature is signed; of the last seal, only what the signature is over.
    for (let at = 0; at < signature; at++) {
      const changed = new Uint8Array(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const { faults } = await verifyAudit(changed, crypto);
      expect([at, faults.length > 0]).toEqual([at, true]);
    }
  });

  it('removes no record, adds none, and swaps none', async () => {
    const folder = newFolder();
    const log = open(folder);
    for (const mark of [1, 2]) log.write(JSON.stringify({ mark }));
    await log.settled();
    log.close();
    const path = join(folder, '000001.jsonl');
    const text = readFileSync(path, 'utf8');
    for (const changed of [
      text.replace('{"mark":1}\n', ''),
      text.replace('{"mark":1}\n', '{"mark":1}\n{"mark":9}\n'),
      text.replace('{"mark":1}\n{"mark":2}\n', '{"mark":2}\n{"mark":1}\n'),
    ]) {
      expect((await verifyAudit(new TextEncoder().encode(changed), crypto)).faults.length).toBeGreaterThan(0);
    }
    appendFileSync(path, '{"mark":3}\n');
    expect((await check(path)).unsealed.lines).toBe(1);
  });
});

describe('batches', () => {
  const sealsIn = (folder: string): number =>
    readFileSync(join(folder, '000001.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{"seal":')).length;

  it('what is written together has one seal, and is there before the turn of the event loop is over', async () => {
    const folder = newFolder();
    const log = open(folder);
    let isOver = false;
    setImmediate(() => {
      isOver = true;
    });
    await Promise.all([1, 2, 3].map(async (mark) => log.write(JSON.stringify({ mark }))));
    await log.settled();
    expect(isOver).toBe(false);
    expect(sealsIn(folder)).toBe(2);
    log.close();
    expect(await marksIn(folder)).toEqual(new Set([1, 2, 3]));
  });

  it('what is written right behind a batch waits for the others of its turn, and no longer', async () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1_000);
    const folder = newFolder();
    const log = open(folder);
    const write = async (mark: number) => {
      log.write(JSON.stringify({ mark }));
      await new Promise<void>((done) => process.nextTick(done));
    };
    for (let mark = 0; mark < 4; mark++) await write(mark);
    expect(sealsIn(folder)).toBe(2);
    await log.settled();
    expect(sealsIn(folder)).toBe(3);
    clock.mockReturnValue(1_001);
    await write(4);
    expect(sealsIn(folder)).toBe(4);
    clock.mockRestore();
    log.close();
    expect((await marksIn(folder)).size).toBe(5);
  });
});
