// Every back end, each started for real: A as a process, B behind emulators of its platforms, C in workerd.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageEdge } from '../../../../../scripts/edge/package.ts';
import { packageFunction } from '../../../../../scripts/functions/package.ts';
import { createLogger, startEdge } from '../../../../service/src/backends/edge/index.ts';
import { edgeSkipReason, packageForTests } from '../../../../service/src/backends/edge/testing/edge.ts';
import { startAzureApp } from '../../../../service/src/backends/functions/testing/azure-emulator.ts';
import { startLambda } from '../../../../service/src/backends/functions/testing/lambda-emulator.ts';
import { azuriteSkipReason, startAzurite } from '../../../../stores/src/testing/azurite.ts';
import { startConditionalS3 } from '../../../../stores/src/testing/s3-conditional.ts';
import { noSandbox, startServer, stopServers } from '../server.ts';

export const TOKEN = 'the-token-of-the-operator';
/** What C and the endpoint that runs its Python share. */
const REMOTE_KEY = 'a key of forty characters for the test ..'.replaceAll(' ', '-');

/** Why they cannot all be started here; in CI they have to be. */
export const skipReason = noSandbox ?? azuriteSkipReason ?? edgeSkipReason;

export type Endpoint = { readonly name: string; readonly url: string };

/** All of them, in the order of the documentation, and how to end them. */
export async function startEverywhere(): Promise<{
  readonly endpoints: readonly Endpoint[];
  readonly stop: () => Promise<void>;
}> {
  const root = mkdtempSync(join(tmpdir(), 'pypes-everywhere-'));
  const ending: (() => Promise<void>)[] = [stopServers];
  const stop = async () => {
    await Promise.allSettled(ending.map((end) => end()));
    rmSync(root, { recursive: true, force: true });
  };
  try {
    const endpoints = [
      { name: 'A', url: await startProcess() },
      { name: 'B Azure', url: await startAzure(root, ending) },
      { name: 'B Lambda', url: await startAws(root, ending) },
    ];
    endpoints.push({ name: 'C', url: await startAtTheEdge(endpoints[0]?.url ?? '', ending) });
    endpoints.push({ name: 'C Pyodide', url: await startEdgeAlone(join(root, 'edge'), ending) });
    return { endpoints, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startProcess(): Promise<string> {
  const env = { PYPES_TOKEN: TOKEN, PYPES_REMOTE_KEY: REMOTE_KEY };
  return (await startServer({}, { args: ['--auth-required', '--timeout', '5000'], env })).url;
}

const CLOSED = { PYPES_TOKEN: TOKEN, PYPES_ALLOW_HOSTS: '127.0.0.1,localhost' };

async function startAzure(root: string, ending: (() => Promise<void>)[]): Promise<string> {
  const folder = join(root, 'azure-functions');
  await packageFunction('azure-functions', folder);
  const azurite = await startAzurite();
  ending.push(() => azurite.stop());
  const app = await startAzureApp(folder, {
    ...CLOSED,
    PYPES_BLOB_CONTAINER: await azurite.newContainer(),
    AzureWebJobsStorage: azurite.connectionString,
  });
  ending.push(() => app.stop());
  return app.url;
}

async function startAws(root: string, ending: (() => Promise<void>)[]): Promise<string> {
  const folder = join(root, 'aws-lambda');
  await packageFunction('aws-lambda', folder);
  const s3 = await startConditionalS3();
  ending.push(() => s3.stop());
  const environment = {
    ...CLOSED,
    PYPES_S3_BUCKET: s3.bucket,
    PYPES_S3_ENDPOINT: s3.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: s3.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey,
  };
  const lambda = await startLambda({ folder, environment });
  ending.push(() => lambda.stop());
  return lambda.url;
}

/** Its Python runs at A, and nothing else. */
async function startAtTheEdge(remote: string, ending: (() => Promise<void>)[]): Promise<string> {
  const place = await packageForTests();
  ending.push(() => place.remove());
  const settings = { PYPES_OPEN: '', PYPES_TOKEN: TOKEN, PYPES_LOG_LEVEL: 'error' };
  return (await place.start({ ...settings, PYPES_REMOTE_URL: remote, PYPES_REMOTE_KEY: REMOTE_KEY })).url;
}

/** It needs nobody else for its Python. */
async function startEdgeAlone(root: string, ending: (() => Promise<void>)[]): Promise<string> {
  const edge = await startEdge({
    makeWorker: packageEdge,
    root,
    address: '127.0.0.1',
    port: 0,
    hosts: [],
    origins: [],
    environment: { PYPES_TOKEN: TOKEN, PYPES_LOG_LEVEL: 'error' },
    bounds: { stallMs: 60_000, memoryBytes: 2 ** 30 },
    python: true,
    log: createLogger({ level: 'error' }),
    onLine: () => undefined,
  });
  ending.push(() => edge.close());
  return `http://127.0.0.1:${edge.port}`;
}
