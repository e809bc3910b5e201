// An Azure Functions app in a process of its own, behind what its host does with HTTP: no host can be installed here.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export type AzureApp = {
  readonly url: string;
  /** What the host learns of the app when it starts. */
  readonly registered: { readonly functions: number; readonly route: string; readonly authLevel: string };
  readonly said: () => string;
  stop(): Promise<void>;
};

const WORKER = join(import.meta.dirname, 'azure-worker.fixture.mjs');

/** @throws Error where the app does not start, with what it wrote */
export async function startAzureApp(
  folder: string,
  environment: { readonly [name: string]: string },
): Promise<AzureApp> {
  const child = spawn(process.execPath, [WORKER, folder], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  let said = '';
  const gone = new Promise((done) => child.once('exit', done));
  const listening = await new Promise<string>((ready, failed) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk;
        const line = /^\{"listening".*$/m.exec(said)?.[0];
        if (line !== undefined) ready(line);
      });
    }
    void gone.then(() => failed(new Error(said)));
  }).catch((error: unknown) => {
    process.off('exit', onExit);
    throw error;
  });
  const { listening: port, ...registered } = JSON.parse(listening) as AzureApp['registered'] & { listening: number };
  return {
    url: `http://127.0.0.1:${port}`,
    registered,
    said: () => said,
    async stop() {
      process.off('exit', onExit);
      onExit();
      await gone;
    },
  };
}
