// A run's bundle over HTTP: all of it as a zip, its index, or one file with ranges; never anything that a browser runs.
import { PypesError } from '@pypes/contract';
import type { ArtifactEntry, ArtifactIndex, ByteRange } from '@pypes/contract/runs';
import { answerJson, Refusal } from '../answers.ts';
import type { BundleFile } from '../door.ts';
import { type RunsCall, withRun } from './handler.ts';
import { parseRange } from './range.ts';
import { toStream } from './to-stream.ts';

/** Whatever a run wrote, it is data: not shown in place, not guessed at, without rights should it be opened after all. */
const DATA_ONLY = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-resource-policy': 'same-origin',
};

/** Types that hold no program. The rest is bytes. */
const HARMLESS =
  /^(text\/(plain|csv|markdown)|application\/(json|jsonl|x-ndjson|zip|gzip)|image\/(png|jpeg|gif|webp)|audio\/[\w.+-]{1,60}|video\/[\w.+-]{1,60})(; charset=utf-8)?$/;

export async function artifact(call: RunsCall): Promise<Response> {
  if (call.query.get('list') === '1' || asksForJson(call.request)) {
    const index: ArtifactIndex = { files: await withRun(call, (ref) => call.options.runs.artifacts(ref)) };
    return answerJson(index, 200, { vary: 'Accept' });
  }
  const zip = await withRun(call, (ref) => call.options.runs.bundle(ref));
  return new Response(toStream(zip), {
    headers: {
      ...DATA_ONLY,
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="${call.ref.run_id}.zip"`,
      'cache-control': 'no-store',
      vary: 'Accept',
    },
  });
}

export async function file(call: RunsCall): Promise<Response> {
  checkPath(call.path);
  const { headers } = call.request;
  // A range is told from the size, and a client may have the file: its bytes are read when that is known.
  const { entry, body } = await open(call);
  const etag = `"${entry.digest}"`;
  if (isListed(headers.get('if-none-match') ?? '', etag)) return new Response(null, { status: 304, headers: { etag } });
  const condition = headers.get('if-range') ?? etag;
  const range = condition === etag ? parseRange(headers.get('range') ?? '', entry.bytes) : undefined;
  if (range === 'unsatisfiable') {
    throw new Refusal(416, `"${entry.path}" has ${entry.bytes} bytes and no such part`, {
      'content-range': `bytes */${entry.bytes}`,
    });
  }
  const own = { ...headersOf(entry), etag };
  if (range === undefined) {
    return new Response(toStream(body), { headers: { ...own, 'content-length': String(entry.bytes) } });
  }
  const part = await open(call, range);
  return new Response(toStream(part.body), {
    status: 206,
    headers: {
      ...own,
      'content-length': String(range.end - range.start),
      'content-range': `bytes ${range.start}-${range.end - 1}/${entry.bytes}`,
    },
  });
}

function open(call: RunsCall, range?: ByteRange): Promise<BundleFile> {
  return withRun(call, (ref) => call.options.runs.artifact(ref, call.path, range));
}

/** @throws PypesError `invalid_request` for what leads out of the bundle */
function checkPath(path: string): void {
  const isWrong = path.split('/').some((part) => part === '' || part === '.' || part === '..');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that no path may hold.
  if (isWrong || path.length > 1_024 || /[\\\u0000-\u001f\u007f]/.test(path)) {
    throw new PypesError(
      'invalid_request',
      `"${path.slice(0, 200)}" is no path of a file in a bundle; list=1 says which are`,
    );
  }
}

function headersOf({ path, media_type }: ArtifactEntry): Record<string, string> {
  const name = encodeURIComponent(path.split('/').at(-1) as string).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return {
    ...DATA_ONLY,
    'content-type': HARMLESS.test(media_type) ? media_type : 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${name}`,
    'cache-control': 'no-cache, private',
    'accept-ranges': 'bytes',
  };
}

function isListed(header: string, etag: string): boolean {
  return header.split(',').some((one) => one.trim().replace(/^W\//, '') === etag || one.trim() === '*');
}

function asksForJson({ headers }: Request): boolean {
  const accept = headers.get('accept') ?? '*/*';
  return /application\/json/i.test(accept) && !/application\/(zip|\*)|\*\/\*/i.test(accept);
}
