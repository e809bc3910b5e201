// The worker in workerd: makes a snapshot of a Python that has loaded nothing of a pack, or serves frames from it.
import { boot } from './boot.mjs';

const part = async (name) => (await import(`./${name}`)).default;

export default {
  async fetch(request) {
    try {
      return new URL(request.url).pathname === '/snapshot' ? await makeSnapshot() : await serve(request);
    } catch (error) {
      console.error(String(error?.stack ?? error));
      return new Response(String(error), { status: 500 });
    }
  },
};

async function makeSnapshot() {
  const { pyodide } = await boot({ _makeSnapshot: true });
  await install(pyodide);
  pyodide.runPython('import sys; sys.path.append("/lib/pypes")\nfrom pypes_worker import inside; inside.prepare()');
  return new Response(pyodide.makeMemorySnapshot());
}

async function serve(request) {
  const layout = JSON.parse(await part('snapshot.json'));
  const { pyodide, limit, whatRefused } = await boot({}, { bytes: new Uint8Array(await part('snapshot.bin')), layout });
  await install(pyodide);
  const { readable, writable } = new TransformStream();
  const writer = writable.getWriter();
  const reader = request.body.getReader();
  const link = {
    /** The next bytes of the host; null when it has gone. */
    read: async () => (await reader.read()).value ?? null,
    write: (bytes) => writer.write(bytes),
    /** Resolves when the bytes have left, which takes a turn of workerd's event loop. */
    tell: async (bytes) => {
      await writer.write(bytes);
      await new Promise((resolve) => setTimeout(resolve, 0));
    },
    limit,
  };
  const start = pyodide.runPython('from pypes_worker import inside; inside.serve');
  hide();
  start.callPromising(link).then(
    () => writer.close(),
    async (error) => {
      console.error(String(error?.stack ?? error));
      const bytes = whatRefused();
      if (bytes === undefined) return writer.abort(error);
      await writer.write(toFailure(bytes));
      return writer.close();
    },
  );
  return new Response(readable);
}

/** The frame for an interpreter that could not go on without more memory; Python itself says the same (failure.py). */
function toFailure(maximum) {
  const message = `The agent used more than the ${maximum} bytes of memory that a sandbox may`;
  const failure = { code: 'resource_exhausted', message, details: { limit: 'guest_bytes', maximum } };
  const payload = new TextEncoder().encode(JSON.stringify(failure));
  const frame = new Uint8Array(payload.length + 6);
  new DataView(frame.buffer).setUint32(0, payload.length + 2, true);
  frame.set([FAILURE, DIRTY], 4);
  frame.set(payload, 6);
  return frame;
}

const FAILURE = 'E'.charCodeAt(0);
/** The worker has to be replaced. */
const DIRTY = 1;

/** Files are not part of a snapshot. */
async function install({ FS }) {
  const bytes = new Uint8Array(await part('guest.bin'));
  let from = 0;
  for (const [path, length] of JSON.parse(await part('guest.json'))) {
    FS.mkdirTree(path.slice(0, path.lastIndexOf('/')));
    FS.writeFile(path, bytes.subarray(from, from + length), { canOwn: true });
    from += length;
  }
}

/** Nothing of this leads anywhere, since workerd has no network here; but nobody needs it either. */
function hide() {
  for (let scope = globalThis; scope !== null; scope = Object.getPrototypeOf(scope)) {
    for (const name of OUTWARD) Reflect.deleteProperty(scope, name);
  }
}

const OUTWARD = ['fetch', 'WebSocket', 'WebSocketPair', 'EventSource', 'caches', 'Cloudflare', 'navigator'];
