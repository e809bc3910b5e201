// One folder that is deployed to Cloudflare as it is, or run by workerd: the Worker, its modules, both configurations.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { toEdgeConfig } from '@pypes/service/edge';
import { toLicences } from '../functions/licences.ts';
import { bundleWorker } from './bundle.ts';
import { README } from './readme.ts';
import { toWranglerConfig } from './wrangler.ts';

export type PackagedEdge = {
  readonly folder: string;
  /** Of what is uploaded. */
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly gzipped: number }[];
};

/** Replaces the folder. */
export async function packageEdge(folder: string): Promise<PackagedEdge> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const npm = await bundleWorker(folder);
  const files = readdirSync(folder).map((name) => {
    const bytes = readFileSync(join(folder, name));
    return { name, bytes: bytes.length, gzipped: gzipSync(bytes).length };
  });
  writeFileSync(join(folder, 'wrangler.jsonc'), toWranglerConfig());
  writeFileSync(join(folder, 'config.capnp'), toEdgeConfig());
  writeFileSync(join(folder, 'README.md'), README);
  writeFileSync(join(folder, 'licences.md'), toLicences(npm));
  return { folder, files };
}
