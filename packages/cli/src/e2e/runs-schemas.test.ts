// A schema that a blueprint names and that cannot be read: it refuses a run, fails one that was accepted, and keeps
// neither the service nor its next start.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { afterEach, expect, it } from 'vitest';
import { agent, head, step } from './blueprints.fixtures.ts';
import { freePort, pollRun } from './runs.fixtures.ts';
import { newFolder, startServer, stopServers } from './server.ts';

const SOON = { timeout: 60_000, interval: 20 };

afterEach(stopServers);

it('a schema that becomes a pipe fails the run that was accepted, and no start', { timeout: 120_000 }, async () => {
  const folder = newFolder();
  const own = join(folder, 'blueprints', 'mails');
  const schema = join(own, 'sent.json');
  mkdirSync(own, { recursive: true });
  const policies =
    '[[policy]]\nuse = "approve"\nto = "mail.send"\n[[policy]]\nuse = "schema"\nto = "mail"\noutput = "sent.json"\n';
  writeFileSync(
    join(own, 'agent.toml'),
    `${head({ mail: 'mail.mjs' }).replace('"test"', '"mails"')}${step('send', 'mail')}${policies}`,
  );
  writeFileSync(join(own, 'mail.mjs'), agent('send', 'return 1;'));
  writeFileSync(schema, '{"type":"number"}');
  writeFileSync(join(folder, 'pypes.toml'), '[blueprints]\nfolder = "blueprints"\n');
  const root = join(newFolder(), 'data');
  const args = ['--config', join(folder, 'pypes.toml'), '--port', String(await freePort())];
  const post = { blueprint: 'mails', input: {} };
  const json = { 'content-type': 'application/json' };

  const first = await startServer({}, { args, root });
  const accepted = await first.post('/v1/runs', post, json);
  const id = String(accepted.body.run_id);
  const reader = pollRun(first.url, id, 500);
  await expect.poll(() => reader.lines.join(), SOON).toContain('approval.requested');
  await first.stop('SIGKILL');
  rmSync(schema);
  execFileSync('mkfifo', [schema]);

  const second = await startServer({}, { args, root });
  await reader.done;
  const { body } = await second.get(`/v1/runs/${id}`);
  expect(body).toMatchObject({ status: 'failed', error: { type: 'invalid_request' } });
  const refused = await second.post('/v1/runs', post, json);
  expect([refused.status, (refused.body.error as JsonObject).type]).toEqual([400, 'invalid_request']);
  expect((await second.get('/v1/runs')).body.runs).toHaveLength(1);
});
