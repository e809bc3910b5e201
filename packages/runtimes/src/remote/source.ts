// A file as it travels: by digests alone, and with its bytes where the other side does not know them.
import type { JsonObject, SourceFile } from '@pypes/contract';
import { encodeBase64 } from '@pypes/contract/remote';

/** A file that can be sent. */
export interface RemoteSource {
  /** `withContents`: the bytes go with it. */
  toWire(withContents: boolean): JsonObject;
}

export async function readRemoteSource(file: SourceFile, companions: readonly string[]): Promise<RemoteSource> {
  const beside = new Map<string, Uint8Array>();
  for (const name of namesBeside(file.filename, companions)) {
    const bytes = await file.sibling?.(name);
    if (bytes !== undefined) beside.set(name, bytes);
  }
  const siblings: { [name: string]: string } = {};
  for (const [name, bytes] of beside) siblings[name] = await digestOf(bytes);
  return {
    toWire: (withContents) => ({
      filename: file.filename,
      path: file.path,
      pack_guid: file.packGuid,
      digest: file.digest,
      siblings,
      ...(withContents ? { contents: contentsOf([[file.filename, file.bytes], ...beside]) } : {}),
    }),
  };
}

/** `add.wit` beside `add.wasm`, and `interface.wit` beside `component.wasm`, which packs of one component have. */
function namesBeside(filename: string, companions: readonly string[]): readonly string[] {
  const stem = filename.replace(/\.[^.]*$/, '');
  return companions.flatMap((ending) =>
    stem === 'component' ? [`${stem}${ending}`, `interface${ending}`] : [`${stem}${ending}`],
  );
}

function contentsOf(files: readonly (readonly [name: string, bytes: Uint8Array])[]): {
  readonly [name: string]: string;
} {
  return Object.fromEntries(files.map(([name, bytes]) => [name, encodeBase64(bytes)]));
}

async function digestOf(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
