// The packaged Worker in raw workerd, for tests: packaged once, started any number of times, over a disk that stays.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findWorkerd } from '@pypes/runtimes/python';
import { packageEdge } from '../../../../../../scripts/edge/package.ts';
import { type EdgeConfigOptions, toEdgeConfig } from '../config.ts';
import { findFreePort } from '../free-port.ts';
import { startWorkerd, type Workerd } from '../start-workerd.ts';

/** Why tests with it are skipped; undefined where they run. In CI they fail instead. */
export const edgeSkipReason: string | undefined =
  findWorkerd() !== undefined || process.env.CI !== undefined ? undefined : 'there is no workerd; npm i workerd';

export type Edge = Workerd & { readonly url: string; readonly lines: readonly string[] };

export interface EdgePlace {
  /** The packaged Worker. */
  readonly folder: string;
  /** Where its objects lie. */
  readonly objects: string;
  /** Over the same objects each time. */
  start(settings?: { readonly [name: string]: string }, config?: EdgeConfigOptions): Promise<Edge>;
  remove(): Promise<void>;
}

const SETTINGS = { PYPES_ALLOW_HOSTS: '127.0.0.1,localhost', PYPES_OPEN: 'true' };

/** @throws Error where workerd is missing */
export async function packageForTests(): Promise<EdgePlace> {
  const workerd = findWorkerd();
  if (workerd === undefined) throw new Error('workerd is missing: npm ci installs it');
  const root = mkdtempSync(join(tmpdir(), 'pypes-edge-'));
  const { folder } = await packageEdge(join(root, 'worker'));
  const objects = join(root, 'objects');
  mkdirSync(objects);
  const started = new Set<Workerd>();
  return {
    folder,
    objects,
    async start(settings = {}, config = {}) {
      const lines: string[] = [];
      const { PYPES_REMOTE_URL: remote } = settings;
      const port = await findFreePort('127.0.0.1');
      writeFileSync(join(folder, 'config.capnp'), toEdgeConfig(remote === undefined ? config : { ...config, remote }));
      const edge = await startWorkerd({
        workerd,
        folder,
        objects,
        address: '127.0.0.1',
        port,
        environment: { ...SETTINGS, PYPES_REMOTE_CALLBACK: `http://127.0.0.1:${port}`, ...settings },
        onLine: (line) => lines.push(line),
      });
      started.add(edge);
      return { ...edge, lines, url: `http://127.0.0.1:${edge.port}` };
    },
    async remove() {
      for (const edge of started) {
        edge.kill();
        await edge.gone;
      }
      rmSync(root, { recursive: true, force: true });
    },
  };
}
