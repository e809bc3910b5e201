// The test Worker in a raw workerd: bundled as the edge's own, started in a private folder, killed with the tests.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { startWorkerd } from '../../python/pyodide/process.ts';
import { readInlineModules } from '../../testing/inline-modules.ts';
import type { WorkerCall, WorkerReply } from './worker.ts';

const CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "internet", network = (allow = []))],
  sockets = [(name = "host", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [
    (name = "worker.mjs", esModule = embed "worker.mjs"),
    (name = "quickjs.wasm", wasm = embed "quickjs.wasm"),
    (name = "typescript.wasm", wasm = embed "typescript.wasm"),
  ],
  compatibilityDate = "2026-04-01",
  globalOutbound = "internet",
);
`;

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));
const ENTRY = fileURLToPath(new URL('./entry.js', import.meta.url));
const SOURCE = `import quickjs from './quickjs.wasm';
import typescript from './typescript.wasm';
import { createTestWorker } from ${JSON.stringify(WORKER)};
export default createTestWorker({ quickjs, typescript });
`;

/** How often the socket is tried until workerd listens. Milliseconds. */
const RETRY_MS = 50;

export async function openTestWorker(workerd: string) {
  const folder = mkdtempSync(join(tmpdir(), 'pypes-inline-'));
  await bundle(folder);
  writeFileSync(join(folder, 'config.capnp'), CONFIG);
  const { child, socketPath } = startWorkerd(workerd, folder, ['config.capnp']);
  let errors = '';
  child.stderr?.on('data', (text) => {
    errors += String(text);
  });
  const surroundings = await retry(() => send(socketPath, undefined));

  return {
    surroundings: JSON.parse(surroundings) as { readonly [name: string]: unknown },
    call: async (call: WorkerCall) => JSON.parse(await send(socketPath, call)) as WorkerReply,
    /** Bytes of memory that the process has. */
    residentBytes(): number {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
    },
    get alive(): boolean {
      return child.exitCode === null && child.signalCode === null;
    },
    get errors(): string {
      return errors;
    },
    close(): void {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function bundle(folder: string): Promise<void> {
  const build = await rolldown({
    input: { worker: ENTRY },
    platform: 'browser',
    transform: { define: { 'typeof process': '"undefined"', 'process.env.FENGARICONF': 'undefined' } },
    resolve: { conditionNames: ['workerd', 'browser', 'import', 'default'] },
    external: [/^\.\/\w+\.wasm$/],
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) => (id === ENTRY ? SOURCE : null),
      },
    ],
  });
  await build.write({ dir: folder, format: 'esm', entryFileNames: '[name].mjs', codeSplitting: false });
  await build.close();
  for (const [name, bytes] of Object.entries(readInlineModules())) writeFileSync(join(folder, `${name}.wasm`), bytes);
}

function send(socketPath: string, call: WorkerCall | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const method = call === undefined ? 'GET' : 'POST';
    const asked = request({ socketPath, method, path: '/', agent: false, headers: { host: 'test' } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`workerd answered ${response.statusCode}: ${text}`));
      });
    });
    asked.on('error', reject);
    asked.end(call === undefined ? undefined : JSON.stringify(call));
  });
}

async function retry<T>(work: () => Promise<T>): Promise<T> {
  for (let left = 200; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((done) => setTimeout(done, RETRY_MS));
    }
  }
}
