// pypes edge: the edge back end on this machine, in workerd, with a watchdog.
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PypesError } from '@pypes/contract';
import type { Command } from 'commander';
import { collect, parseWhole } from '../input.ts';
import { DEFAULT_ROOT } from '../local.ts';

type EdgeFlags = {
  readonly port: string;
  readonly host: string;
  readonly root: string;
  readonly worker?: string;
  readonly python?: true;
  readonly memoryMb: string;
  readonly stallMs: string;
  readonly origin: readonly string[];
  readonly allowHost: readonly string[];
};

const MEBIBYTE = 1024 * 1024;
const MOST_MEMORY_MB = 1024 * 1024;
const LONGEST_STALL_MS = 3_600_000;

/** Adds the command. */
export function registerEdge(program: Command): void {
  program
    .command('edge')
    .summary('serve packs in workerd, as Cloudflare does')
    .description(
      'Serves packs at http://127.0.0.1:8787 in workerd: one object for each. A workerd that hangs or grows too large is killed and started again; nothing that was answered is lost.',
    )
    .option('--port <n>', 'port; 0 takes a free one', '8787')
    .option('--host <address>', 'address to listen on; one that others reach needs PYPES_TOKEN', '127.0.0.1')
    .option('--root <folder>', 'where packs and memory are kept, in its folder edge', DEFAULT_ROOT)
    .option('--worker <folder>', 'the packaged Worker (default: the one that Pypes brings)')
    .option('--python', 'run Python too: in Pyodide, a process for each file and user (pypes parts add pyodide)')
    .option('--memory-mb <n>', 'mebibytes of memory that workerd may have', '1024')
    .option('--stall-ms <n>', 'how long a request may go without an answer before workerd counts as hung', '30000')
    .option('--origin <origin>', 'a web page that may call, beside those of this machine', collect, [])
    .option('--allow-host <name>', 'a Host name that requests may use, beside those of this machine', collect, [])
    .action(edge);
}

async function edge(flags: EdgeFlags): Promise<void> {
  const port = parseWhole(flags.port, '--port', 0, 65_535);
  const memoryBytes = parseWhole(flags.memoryMb, '--memory-mb', 1, MOST_MEMORY_MB) * MEBIBYTE;
  const stallMs = parseWhole(flags.stallMs, '--stall-ms', 1, LONGEST_STALL_MS);
  const { createLogger, startEdge } = await import('@pypes/service/edge');
  const log = createLogger();
  const { worker } = flags;
  if (flags.python === true)
    log({ level: 'info', event: 'edge.python', message: 'Python starts; the first time it takes some seconds' });
  const watched = await startEdge({
    python: flags.python === true,
    makeWorker: worker === undefined ? makeWorker : (folder) => copyWorker(resolve(worker), folder),
    root: flags.root,
    address: flags.host,
    port,
    hosts: flags.allowHost,
    origins: flags.origin,
    environment: process.env,
    bounds: { stallMs, memoryBytes },
    log,
    onLine: (line) => console.error(line),
  });
  log({ level: 'info', event: 'edge.started', url: `http://${flags.host}:${watched.port}` });
  await new Promise<void>((stopped) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped());
  });
  await watched.close();
  log({ level: 'info', event: 'edge.stopped' });
  log.flush();
}

/** From the sources in a checkout, else from what the installed package brings. */
async function makeWorker(folder: string): Promise<void> {
  const script = new URL('../../../../scripts/edge/package.ts', import.meta.url);
  const packaged = new URL('../../../../edge', import.meta.url);
  if (!existsSync(script)) {
    const { unpackWorker } = await import('@pypes/service/edge');
    return unpackWorker(fileURLToPath(packaged), folder);
  }
  // By its address, so that whoever bundles this command leaves the bundler out.
  const { packageEdge } = (await import(script.href)) as typeof import('../../../../scripts/edge/package.ts');
  await packageEdge(folder);
}

async function copyWorker(from: string, to: string): Promise<void> {
  const { WORKER_FILES } = await import('@pypes/service/edge');
  const missing = WORKER_FILES.find((name) => !existsSync(join(from, name)));
  if (missing !== undefined) {
    throw new PypesError(
      'invalid_request',
      `"${from}" is no packaged Worker: there is no ${missing}; make one with npm run package:edge, and name it with --worker`,
    );
  }
  rmSync(to, { recursive: true, force: true });
  for (const name of WORKER_FILES) cpSync(join(from, name), join(to, name));
}
