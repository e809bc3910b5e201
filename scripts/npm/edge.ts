// The Worker of the edge in the package: what the package has anyway is named, the rest is compressed beside it.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import {
  PACKED_WORKER,
  type PackedFile,
  type PackedWorker,
} from '../../packages/service/src/backends/edge/packed-worker.ts';
import { bundleWorker, QUICKJS, TRANSPILER_FOLDER } from '../edge/bundle.ts';
import { fileOf } from '../edge/components.ts';
import { readTranspiler } from '../edge/transpiler.ts';
import { placeOf } from './places.ts';

const FOLDER = 'edge';
/** One more takes twice the time and saves a fiftieth. */
const QUALITY = 10;

/** Writes `edge/` into the package. @returns the npm packages that are in it, as folders of the project */
export async function writePackedWorker(folder: string): Promise<readonly string[]> {
  const made = mkdtempSync(join(tmpdir(), 'pypes-edge-'));
  const to = join(folder, FOLDER);
  mkdirSync(to, { recursive: true });
  try {
    const packages = await bundleWorker(made);
    const files: { [name: string]: PackedFile } = {};
    const add = (name: string, how: Omit<PackedFile, 'sha256'>) => {
      files[name] = {
        ...how,
        sha256: createHash('sha256')
          .update(readFileSync(join(made, name)))
          .digest('hex'),
      };
    };
    for (const name of ['worker.mjs', 'typescript.wasm']) {
      writeFileSync(join(to, `${name}.br`), compress(readFileSync(join(made, name))));
      add(name, { from: `${name}.br` });
    }
    add('quickjs.wasm', { from: inPackage(QUICKJS), made: 'quickjs' });
    const { raw, files: places } = readTranspiler(TRANSPILER_FOLDER);
    for (const [name, bytes] of Object.entries(raw)) {
      const file = `${fileOf(name)}.wasm`;
      const place = places[name];
      if (place === undefined) writeFileSync(join(to, file), bytes);
      add(file, { from: place === undefined ? file : inPackage(place), made: { transpiler: name } });
    }
    writeFileSync(join(to, PACKED_WORKER), `${JSON.stringify(files satisfies PackedWorker, null, 2)}\n`);
    return packages;
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** A file of an npm package, from `edge/` on. */
function inPackage(path: string): string {
  return `../${placeOf(path)}`;
}

function compress(bytes: Uint8Array): Uint8Array {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params });
}
