// A source file of the contract, as the inspector and the workers want it.
import { dirname } from 'node:path';
import { type Limits, PypesError, type SourceFile } from '@pypes/contract';
import type { FileText } from '../inspect/inspector.ts';
import type { WorkerFile } from './call.ts';

let count = 0;

/** @throws PypesError `agent_broken` where the file is no UTF-8 */
export function toWorkerFile(
  { path, bytes, packGuid, location }: SourceFile,
  limits: Limits,
  isConfined: boolean,
): { file: WorkerFile; text: FileText } {
  const source = decode(bytes, path);
  const folder = location === undefined ? {} : { folder: dirname(location), location };
  const key = String(++count);
  const text = { path, source, ...folder };
  const usesMemoryPath = source.includes('BRAINSTEM_MEMORY_PATH');
  const memory = isConfined ? { memory: limits.guestBytes } : {};
  const bounds = { lines: limits.logLines, length: limits.logLineLength, bytes: limits.outputBytes };
  const load = { op: 'load', ...{ key, ...text, ...memory, ...bounds } } as const;
  return { text, file: { key, packGuid, usesMemoryPath, isConfined, load } };
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new PypesError('agent_broken', `"${path}" is not UTF-8 text; save it as UTF-8`, {
      details: { file: path },
      cause: error,
    });
  }
}
