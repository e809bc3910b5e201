// Azurite, the emulator of Azure Storage, for tests: a process of its own, its bytes in memory, gone afterwards.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ContainerClient } from '@azure/storage-blob';
import { newRoot } from './roots.ts';

export type Azurite = {
  readonly connectionString: string;
  /** A new, empty container. */
  newContainer(): Promise<string>;
  stop(): Promise<void>;
};

/** Beside the workspace's own packages, for it brings several hundred of its own. */
const MAIN = join(import.meta.dirname, '../../../../.tools/azurite/node_modules/azurite/dist/src/blob/main.js');
/** The account that Azurite is made with, as its documentation says. */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const START_MS = 60_000;

/** Why tests with it are skipped; undefined where they run. In CI they fail instead. */
export const azuriteSkipReason: string | undefined =
  existsSync(MAIN) || process.env.CI !== undefined ? undefined : 'Azurite is not installed in .tools/azurite';

/** @throws Error where it is not installed, or does not start */
export async function startAzurite(): Promise<Azurite> {
  if (!existsSync(MAIN))
    throw new Error('Azurite is missing: cd .tools/azurite && npm install --no-save --prefix . azurite@3.35.0');
  const port = await freePort();
  const flags = ['--blobHost', '127.0.0.1', '--blobPort', String(port), '--inMemoryPersistence'];
  const quiet = ['--silent', '--skipApiVersionCheck', '--disableTelemetry'];
  const cwd = newRoot();
  const server = spawn(process.execPath, [MAIN, ...flags, ...quiet], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const onExit = () => server.kill('SIGKILL');
  process.once('exit', onExit);
  const url = `http://127.0.0.1:${port}/${ACCOUNT}`;
  for (const until = Date.now() + START_MS; !(await answers(url)); ) {
    if (server.exitCode !== null || Date.now() > until)
      throw new Error(`Azurite did not start: ${said.slice(0, 2_000)}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${url};`;
  let containers = 0;
  return {
    connectionString,
    async newContainer() {
      const name = `test-${containers++}`;
      await new ContainerClient(connectionString, name).create();
      return name;
    },
    async stop() {
      process.off('exit', onExit);
      const gone = new Promise((done) => server.once('exit', done));
      server.kill('SIGKILL');
      await gone;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url)).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}
