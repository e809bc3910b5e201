// One contract everywhere: every back end passes the same suite, answers one pack alike, and gives it back byte for byte.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Report, runConformance, toMatrix } from '@pypes/conformance';
import { createClient, type Json, toBundleText } from '@pypes/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PYPES } from '../command.ts';
import { newFolder } from '../server.ts';
import { BUNDLE, GUID, NAMES, USER } from './agents.fixtures.ts';
import { type Endpoint, skipReason, startEverywhere, TOKEN } from './endpoints.fixtures.ts';

/** Of the text "a", as their standards have them. */
const CHECKSUMS = { adler32: 0x00620062, crc32: 0xe8b7be43, fnv1a: '12638187200555641996' };
const LONGEST_MS = 600_000;
const MATRIX = resolve(import.meta.dirname, '../../../../../docs/reference/capability-matrix.md');

async function pypes(...args: readonly string[]): Promise<{ readonly code: number | null; readonly stdout: string }> {
  const child = spawn(process.execPath, [PYPES, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  return new Promise((done) => child.once('close', (code) => done({ code, stdout })));
}

describe.skipIf(skipReason !== undefined)(`every back end${skipReason === undefined ? '' : ` (${skipReason})`}`, () => {
  let endpoints: readonly Endpoint[] = [];
  let stop = async () => {};
  const reports: { readonly name: string; readonly report: Report }[] = [];

  beforeAll(async () => {
    ({ endpoints, stop } = await startEverywhere());
  }, LONGEST_MS);
  afterAll(() => stop());

  it('passes the conformance suite, as far as it declares', { timeout: LONGEST_MS }, async () => {
    for (const { name, url } of endpoints) {
      // What takes long is judged where it is found most easily; the others share its code.
      const report = await runConformance({ url, token: TOKEN, slow: name === 'A' });
      const failed = report.outcomes.filter(({ status }) => status === 'failed');
      expect([name, failed]).toEqual([name, []]);
      expect([name, report.conformant, report.left]).toEqual([name, true, []]);
      reports.push({ name, report });
    }
    const skipped = reports[0]?.report.outcomes.filter(({ status }) => status === 'skipped');
    expect(skipped).toEqual([]);
  });

  it('declares what the reference says', async () => {
    expect(reports.map(({ name }) => name)).toEqual(endpoints.map(({ name }) => name));
    await expect(toReference(toMatrix(reports))).toMatchFileSnapshot(MATRIX);
  });

  it('gives the same answers to the same calls of one pack in all languages', { timeout: LONGEST_MS }, async () => {
    const file = join(newFolder(), 'everywhere.json');
    writeFileSync(file, toBundleText(BUNDLE));
    const answers: { readonly [name: string]: Json } = {};
    const bundles: { readonly [name: string]: string } = {};
    for (const { name, url } of endpoints) {
      const deployed = await pypes('deploy', file, '--to', url, '--token', TOKEN, '--json');
      expect([name, deployed.code]).toEqual([name, 0]);
      const said = JSON.parse(deployed.stdout) as { readonly skipped?: unknown; readonly pack_token: string };
      expect([name, said.skipped]).toEqual([name, undefined]);
      const client = createClient({ baseUrl: url, token: said.pack_token });
      const outputs: Json[] = [];
      for (const agent of NAMES) {
        for (const args of [
          { text: 'grüße, 世界 🌍', n: 3 },
          { text: '', n: -0.25 },
        ])
          outputs.push(await client.call(GUID, agent, args, { userGuid: USER }));
      }
      outputs.push(await client.call(GUID, 'text-sums', { text: 'a' }));
      Object.assign(answers, { [name]: outputs });
      const pulled = await pypes('pull', url, GUID, '--token', said.pack_token);
      expect([name, pulled.code]).toEqual([name, 0]);
      Object.assign(bundles, { [name]: pulled.stdout });
    }
    const wanted = NAMES.flatMap((_, index) => [
      {
        text: 'grüße, 世界 🌍',
        half: 1.5,
        nothing: null,
        list: [3, 'grüße, 世界 🌍'],
        count: 2 * index + 1,
        user: USER,
      },
      { text: '', half: -0.125, nothing: null, list: [-0.25, ''], count: 2 * index + 2, user: USER },
    ]);
    for (const { name } of endpoints) {
      expect({ [name]: answers[name] }).toEqual({ [name]: [...wanted, CHECKSUMS] });
      expect(bundles[name]).toBe(bundles.A);
    }
    // Digests are all that a host adds to a bundle that has a guid and a date.
    const given = JSON.parse(bundles.A ?? '') as typeof BUNDLE;
    const agents = given.agents.map(({ sha256: _digest, ...rest }) => rest);
    expect(toBundleText({ ...given, agents })).toBe(toBundleText(BUNDLE));
  });

  it('takes a pack from another one, and it is the same there', { timeout: LONGEST_MS }, async () => {
    const guid = crypto.randomUUID();
    const folder = newFolder();
    const texts: string[] = [];
    let text = toBundleText({ ...BUNDLE, pack_guid: guid });
    for (const { url } of [...endpoints, ...endpoints.slice(0, 1)]) {
      const file = join(folder, `${texts.length}.json`);
      writeFileSync(file, text);
      const deployed = await pypes('deploy', file, '--to', url, '--token', TOKEN, '--json');
      const { pack_token: token } = JSON.parse(deployed.stdout) as { readonly pack_token: string };
      text = (await pypes('pull', url, guid, '--token', token)).stdout;
      texts.push(text);
    }
    expect(texts).toHaveLength(endpoints.length + 1);
    expect(new Set(texts).size).toBe(1);
  });
});

function toReference(matrix: string): string {
  return `<!-- Made by packages/cli/src/e2e/everywhere/everywhere.test.ts; write it anew with: npx vitest run packages/cli/src/e2e/everywhere -u -->
# Capability matrix

What each back end declares in its healthz, and how many checks of the [conformance suite](../guide/conformance.md) it passes of those that apply to what it declares. Every column is an endpoint that was started for this page: **A** is \`pypes serve\` (its column includes the slow checks); **B Azure** and **B Lambda** are the packaged functions over Azurite and an S3 server, behind emulators of their platforms, since neither platform's own host can be had outside of it; **C** is the packaged Worker in \`workerd\`, with its Python run by A ([how](../guide/remote.md)); all else, components too, it runs itself; **C Pyodide** is \`pypes edge --python\`, which needs no other endpoint. Without either C declares no Python, and calls of it are answered with 501.

${matrix}
`;
}
