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
  const { pyodide, limit } = await boot({ _loadSnapshot: await part('snapshot.bin') });
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
    (error) => {
      console.error(String(error?.stack ?? error));
      return writer.abort(error);
    },
  );
  return new Response(readable);
}

/** Files are not part of a snapshot. */
async function install({ FS }) {
  const files = JSON.parse(await part('guest.json'));
  for (const [path, text] of Object.entries(files)) {
    FS.mkdirTree(path.slice(0, path.lastIndexOf('/')));
    FS.writeFile(path, text);
  }
}

/** Nothing of this leads anywhere, since workerd has no network here; but nobody needs it either. */
function hide() {
  for (let scope = globalThis; scope !== null; scope = Object.getPrototypeOf(scope)) {
    for (const name of OUTWARD) Reflect.deleteProperty(scope, name);
  }
}

const OUTWARD = ['fetch', 'WebSocket', 'WebSocketPair', 'EventSource', 'caches', 'Cloudflare', 'navigator'];
