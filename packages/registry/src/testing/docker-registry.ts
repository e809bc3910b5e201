// Debian's docker-registry on a port of its own, for the tests that need a real OCI registry.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { newFolder } from './folders.ts';

/** Where the program is; undefined where it is not installed. */
export function findDockerRegistry(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin'];
  return folders.map((folder) => join(folder, 'docker-registry')).find(isProgram);
}

/** Starts it; `users` turns on basic authorization with an htpasswd text (bcrypt). */
export async function startDockerRegistry(program: string, users?: string): Promise<string> {
  const [folder, port] = [newFolder(), await findPort()];
  const config = join(folder, 'config.yml');
  const auth = users === undefined ? '' : `auth:\n  htpasswd:\n    realm: test\n    path: ${join(folder, 'users')}\n`;
  if (users !== undefined) writeFileSync(join(folder, 'users'), users);
  const secret = createHash('sha256').update(folder).digest('hex');
  writeFileSync(
    config,
    `version: 0.1\nlog:\n  level: error\n  accesslog:\n    disabled: true\nstorage:\n  filesystem:\n    rootdirectory: ${join(folder, 'data')}\nhttp:\n  addr: 127.0.0.1:${port}\n  secret: ${secret}\n${auth}`,
  );
  const child = spawn(program, ['serve', config], { stdio: 'ignore' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const host = `127.0.0.1:${port}`;
  for (let tries = 0; tries < 200; tries++) {
    const up = await fetch(`http://${host}/v2/`).then(
      () => true,
      () => false,
    );
    if (up) return host;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('docker-registry did not start');
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
