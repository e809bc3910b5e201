// Many readers of one run, over HTTP: a thousand that poll and a thousand that stream, each of whom gets every event once.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { residentMegabytes } from '../processes.ts';
import type { Row } from '../rows.ts';

const READERS = 1_000;
const EVENTS = 100;
const EVERY_MS = 100;

export async function measureRunReaders(): Promise<readonly Row[]> {
  const root = mkdtempSync(join(tmpdir(), 'pypes-bench-readers-'));
  const pypes = join(import.meta.dirname, '../../packages/cli/bin/pypes.mjs');
  const server = spawn(
    process.execPath,
    [pypes, 'serve', join(import.meta.dirname, 'agents'), '--port', '0', '--root', root, '--json'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  try {
    const url = await urlOf(server.stderr);
    const before = residentMegabytes(server.pid) ?? 0;
    const created = await send(
      url,
      'POST',
      '/v1/runs',
      JSON.stringify({ agent: 'talk', input: { count: EVENTS - 1, ms: EVERY_MS } }),
    );
    const { run_id: id } = JSON.parse(created) as { run_id: string };
    const began = performance.now();
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, residentMegabytes(server.pid) ?? 0);
    }, 200);
    const counts = await Promise.all([
      ...Array.from({ length: READERS }, () => poll(url, id)),
      ...Array.from({ length: READERS }, () => stream(url, id)),
    ]);
    clearInterval(watch);
    const late = performance.now() - began - EVENTS * EVERY_MS;
    const wrong = counts.filter((count) => count !== EVENTS).length;
    const what = `Runs: ${READERS} pollers and ${READERS} followers of one run`;
    return [
      { name: `${what}, readers who missed or repeated something`, value: wrong, goal: '0', ok: wrong === 0 },
      {
        name: `${what}, how much later than the run the last one was done (ms)`,
        value: late,
        goal: '≤ 5000',
        ok: late <= 5_000,
      },
      { name: `${what}, what the server grew by (MB)`, value: most - before, goal: '≤ 400', ok: most - before <= 400 },
    ];
  } finally {
    server.kill('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  }
}

async function urlOf(log: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of log.setEncoding('utf8')) {
    text += chunk;
    const url = /"event":"service.started","url":"([^"]+)"/.exec(text)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`The service did not start: ${text}`);
}

const pollers = new Agent({ keepAlive: true, maxSockets: READERS });
const followers = new Agent({ maxSockets: READERS });

function send(url: string, method: string, path: string, body?: string, agent = pollers): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url + path, {
      method,
      agent,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    sent.end(body);
  });
}

async function poll(url: string, id: string): Promise<number> {
  let [count, cursor] = [0, ''];
  for (;;) {
    const text = await send(
      url,
      'GET',
      `/v1/runs/${id}/events?limit=500&wait=30${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    const { events, next_cursor, complete } = JSON.parse(text) as {
      events: { seq: number }[];
      next_cursor: string;
      complete: boolean;
    };
    for (const { seq } of events) if (seq !== ++count) return -1;
    if (complete) return count;
    cursor = next_cursor;
  }
}

async function stream(url: string, id: string): Promise<number> {
  const text = await send(url, 'GET', `/v1/runs/${id}/events/stream`, undefined, followers);
  const seqs = [...text.matchAll(/^data: ?\{"seq":(\d+)/gm)].map(([, seq]) => Number(seq));
  return seqs.every((seq, index) => seq === index + 1) ? seqs.length : -1;
}
