// An endpoint is a stranger: what it sends is checked before a byte reaches the disk.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, expect, test } from 'vitest';
import { registerPull } from './pull.ts';

const GUID = 'f3c1b2a4-0d5e-4f60-8a7b-9c8d7e6f5a4b';
const file = (filename: unknown, source = 'x', sha256 = createHash('sha256').update(source).digest('hex')) => ({
  filename,
  source,
  sha256,
});

let server: Server | undefined;
afterEach(() => void server?.close());

async function answering(agents: unknown): Promise<string> {
  const body = JSON.stringify({ schema: 'pack/1.0', pack_guid: GUID, name: 'n', agents });
  server = createServer((_request, response) => response.end(body));
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function pullInto(agents: unknown) {
  const parent = mkdtempSync(join(tmpdir(), 'pypes-pull-'));
  const program = new Command().exitOverride();
  registerPull(program);
  const url = await answering(agents);
  const failure = await program
    .parseAsync(['pull', url, GUID, '--folder', join(parent, 'in')], { from: 'user' })
    .then(() => undefined)
    .catch((error: unknown) => error);
  return { failure, written: readdirSync(parent, { recursive: true }) };
}

test.each(['../out.py', '/etc/out.py', 'a/b.py', 'a\\b.py', '.profile', '..', '', 'a\u0000.py', 'c:out.py', 7, null])(
  'refuses a file named %j, and writes nothing',
  async (name) => {
    const { failure, written } = await pullInto([file('good.py'), file(name)]);
    expect(failure).toMatchObject({ code: 'invalid_output' });
    expect(written).toEqual([]);
  },
);

test('refuses bytes that are not what their digest says', async () => {
  const { failure, written } = await pullInto([file('good.py'), file('bad.py', 'x', '0'.repeat(64))]);
  expect(failure).toMatchObject({ code: 'digest_mismatch' });
  expect(written).toEqual([]);
});

test('refuses what is no bundle', async () => {
  expect((await pullInto('none')).failure).toMatchObject({ code: 'internal' });
});

test('writes what is whole', async () => {
  const { failure, written } = await pullInto([file('good.py'), file('b.lispy', '(+ 1 2)')]);
  expect(failure).toBeUndefined();
  expect(written.sort()).toEqual(['in', 'in/b.lispy', 'in/good.py']);
});
