// What a run puts into the object store is kept with the run: objects change afterwards, its bundle does not.
import type { Call, JsonObject } from '@pypes/contract';
import type { ArtifactStore, RunRef } from '@pypes/contract/runs';
import { toBytes } from '../../capabilities/content.ts';

const PUT = 'context.objects.put';

/** `args` are those without secrets: what had one in it is not kept. */
export function keepObjects(artifacts: ArtifactStore, ref: RunRef) {
  return (call: Call, args: JsonObject): Promise<void> | undefined => {
    if (call.to !== PUT || args !== call.args || typeof args.name !== 'string') return undefined;
    const bytes = toBytes('objects.put', args) ?? new Uint8Array();
    const plain = typeof args.text === 'string' ? 'text/plain; charset=utf-8' : 'application/octet-stream';
    const mediaType = typeof args.content_type === 'string' ? args.content_type : plain;
    return artifacts.put(ref, `files/${toPath(args.name)}`, { bytes, mediaType });
  };
}

/** An object may be called what no file can: one path for each name, below the folder. */
function toPath(name: string): string {
  return name
    .replaceAll('%', '%25')
    .replaceAll('\\', '%5C')
    .split('/')
    .map((part) => (part === '' ? '%' : /^\.\.?$/.test(part) ? part.replaceAll('.', '%2E') : part))
    .join('/');
}
