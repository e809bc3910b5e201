// What the tests of hosted runs share: readers that keep the bytes they got, across a service that dies, and agents.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { PYPES } from './command.ts';
import { newFolder } from './server.ts';
import type { Ran } from './skills.fixtures.ts';

/** Twenty events: begun, nine times a line and how far it is, ended; `ms` between two of them. */
export const TWENTY = `export const AGENT = { name: 'twenty', parameters: { type: 'object', properties: { ms: { type: 'integer' } } } };
export async function run(context, { ms = 20 }) {
  const wait = () => new Promise((done) => setTimeout(done, ms));
  for (let n = 1; n <= 9; n++) {
    context.log('info', 'line ' + n);
    await wait();
    context.progress(n / 10);
    await wait();
  }
  return 'done';
}
`;

/** A port that was free a moment ago: a service that comes back has to come back where it was. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

export type Reader = {
  /** The JSON texts as they came, in order. */
  readonly lines: readonly string[];
  /** Resolves when the run has ended, as the reader sees it. */
  readonly done: Promise<void>;
};

const AGAIN_MS = 20;

/** Reads page by page, each of at most `limit`; a service that is away is asked again. */
export function pollRun(url: string, id: string, limit = 1): Reader {
  const lines: string[] = [];
  let cursor: string | undefined;
  return {
    lines,
    done: again(async () => {
      for (;;) {
        const query = new URLSearchParams({
          limit: String(limit),
          wait: '2',
          ...(cursor === undefined ? {} : { cursor }),
        });
        const response = await fetch(`${url}/v1/runs/${id}/events?${query}`);
        if (response.status !== 200) throw new Error(await response.text());
        const text = await response.text();
        const {
          next_cursor: next,
          complete,
          events,
        } = JSON.parse(text) as {
          next_cursor: string;
          complete: boolean;
          events: readonly JsonObject[];
        };
        // One event to a page: its bytes are what stands between the brackets.
        const raw =
          limit === 1
            ? /^\{"events":\[(.*)\],"next_cursor":"[^"]*","complete":(?:true|false)\}$/s.exec(text)?.[1]
            : undefined;
        if (events.length > 0)
          lines.push(...(raw === undefined ? events.map((event) => JSON.stringify(event)) : [raw]));
        cursor = next;
        if (complete) return;
      }
    }),
  };
}

/** Follows the stream; where it breaks, from the last id that came. */
export function streamRun(url: string, id: string): Reader {
  const lines: string[] = [];
  let last: string | undefined;
  return {
    lines,
    done: again(async () => {
      const headers = { accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': last }) };
      const response = await fetch(`${url}/v1/runs/${id}/events/stream`, { headers });
      if (response.status === 204) return;
      if (response.status !== 200 || response.body === null) throw new Error(`${response.status}`);
      let rest = '';
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          const data = /^data: ?(.*)$/m.exec(block)?.[1];
          if (data === undefined) continue;
          last = /^id: ?(.*)$/m.exec(block)?.[1];
          lines.push(data);
        }
      }
      const { event_type: type = '' } = JSON.parse(lines.at(-1) ?? '{}') as { event_type?: string };
      if (!/^run\.(finished|failed|canceled)$/.test(type)) throw new Error('The stream broke off');
    }),
  };
}

/** Tries until it works; what was read before stays read. */
async function again(read: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await read();
      return;
    } catch {
      await new Promise((next) => setTimeout(next, AGAIN_MS));
    }
  }
}

/** Says what it is given, after it has said it to another agent that counts its calls in a file. */
export const COUNTING: { readonly [path: string]: string } = {
  'counts.mjs': `import { appendFileSync } from 'node:fs';
export const AGENT = { name: 'counts', parameters: { type: 'object', properties: { file: { type: 'string' }, text: { type: 'string' } }, required: ['file'] } };
export async function run(context, { file, text = '' }) {
  appendFileSync(file, text + '\\n');
  return text.length;
}
`,
  'tells.mjs': `export const AGENT = { name: 'tells', parameters: { type: 'object', properties: { file: { type: 'string' }, text: { type: 'string' } }, required: ['file'] } };
export async function run(context, { file, text = 'hello' }) {
  context.log('info', 'telling');
  const length = await context.call('counts', { file, text });
  return { text, length };
}
`,
  'keeps.mjs': `export const AGENT = { name: 'keeps' };
export async function run(context) {
  const count = ((await context.memory.get('count')) ?? 0) + 1;
  await context.memory.set('count', count);
  await context.objects.put('report.txt', 'It is ' + count, 'text/plain');
  return count;
}
`,
  'fails.mjs': `export const AGENT = { name: 'fails' };
export const run = () => { throw new Error('It broke'); };
`,
  'twenty.mjs': TWENTY,
};

/** A command that is under way. */
export type Begun = {
  readonly process: ChildProcess;
  /** What it has written so far. */
  readonly out: () => string;
  readonly err: () => string;
  readonly ended: Promise<Ran>;
};

const begun = new Set<ChildProcess>();

/** Ends every command that a test left running. */
export function stopCommands(): void {
  for (const child of begun) child.kill('SIGKILL');
}

/** Begins a command, for tests that interrupt it. */
export function begin(args: readonly string[], cwd = newFolder()): Begun {
  const child = spawn(process.execPath, [PYPES, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  begun.add(child);
  const texts = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => {
    texts.out += String(bytes);
  });
  child.stderr.on('data', (bytes: Buffer) => {
    texts.err += String(bytes);
  });
  return {
    process: child,
    out: () => texts.out,
    err: () => texts.err,
    ended: new Promise((done) => {
      child.once('close', (status) => {
        begun.delete(child);
        done({ status, ...texts });
      });
    }),
  };
}

/** Files of agents, in a folder of their own. */
export function agentFolder(files: { readonly [path: string]: string | Uint8Array }): string {
  const folder = join(newFolder(), 'agents');
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}
