// The packaged Worker as the installed package carries it: small, and with nothing in it that the package has anyway.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { PypesError } from '@pypes/contract';
import { toEdgeTranspiler } from '@pypes/runtimes/component-edge-modules';
import { withFineInterrupts } from '@pypes/runtimes/javascript-edge-module';

/** What lies in the folder: how each file of the Worker is made, and what it has to be. */
export const PACKED_WORKER = 'files.json';

export type PackedWorker = { readonly [name: string]: PackedFile };

export type PackedFile = {
  /** A file, from the folder of {@link PACKED_WORKER} on; compressed where its name ends with `.br`. */
  readonly from: string;
  /** Hexadecimal, of the file that is made. */
  readonly sha256: string;
  /** QuickJS for an isolate; the module of the transpiler that has this name there. Absent: as it is. */
  readonly made?: 'quickjs' | { readonly transpiler: string };
};

/**
 * Writes the Worker into a folder. What lies there as it should be stays.
 *
 * @throws PypesError `internal` where a file of the package is not what it was when it was made
 */
export function unpackWorker(packed: string, folder: string): void {
  const files = Object.entries(JSON.parse(readFileSync(join(packed, PACKED_WORKER), 'utf8')) as PackedWorker);
  if (files.every(([name, { sha256 }]) => digestOf(readOrNothing(join(folder, name))) === sha256)) return;
  const parts = files.map(([name, file]) => ({ name, file, bytes: readPart(packed, file) }));
  const transpiler = toEdgeTranspiler(
    Object.fromEntries(
      parts.flatMap(({ file: { made }, bytes }) => (typeof made === 'object' ? [[made.transpiler, bytes]] : [])),
    ),
  );
  mkdirSync(folder, { recursive: true });
  for (const { name, file, bytes } of parts) {
    const { made, sha256 } = file;
    const whole = make(bytes);
    if (digestOf(whole) !== sha256)
      throw new PypesError('internal', `${name} of the edge is not what this package was made with; install it again`);
    writeFileSync(join(folder, name), whole);

    function make(found: Uint8Array): Uint8Array {
      if (made === undefined) return found;
      return made === 'quickjs' ? withFineInterrupts(found) : (transpiler[made.transpiler] as Uint8Array);
    }
  }
}

function readPart(packed: string, { from }: PackedFile): Uint8Array {
  const bytes = readFileSync(join(packed, from));
  return from.endsWith('.br') ? brotliDecompressSync(bytes) : bytes;
}

function readOrNothing(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    return new Uint8Array();
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
