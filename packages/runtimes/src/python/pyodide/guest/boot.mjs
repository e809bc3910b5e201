// Starts Pyodide from workerd's own modules: no network, no code that is made at run time, memory that has a limit.
import './surroundings.mjs';

/** A module of the worker's configuration, by its name there. */
const part = async (name) => (await import(`./${name}`)).default;

const PAGE = 64 * 1024;

/**
 * Pyodide, a function that bounds how far its memory may grow from now on, in bytes, and one that says with which bound
 * it was refused to grow, if it was.
 *
 * @param {object} options those of loadPyodide
 * @param {object} [snapshot] what to start from: its bytes, and how they lie in the memory
 */
export async function boot(options, snapshot) {
  const [{ loadPyodide }, create, lock] = await Promise.all([
    import(`./${'pyodide.mjs'}`),
    part('pyodide.asm.mjs'),
    part('pyodide-lock.json'),
  ]);
  const known = {
    wasm: await part('pyodide.asm.wasm'),
    library: await part('python_stdlib.zip'),
    empty: await part('empty.wasm'),
    trampoline: await part('trampoline.wasm'),
    trampolineSize: Number(await part('trampoline.size')),
  };
  const stand = standIn(known);
  try {
    const pyodide = await loadPyodide({
      ...options,
      ...(snapshot === undefined ? {} : { _loadSnapshot: snapshot.bytes.subarray(0, snapshot.layout.head) }),
      indexURL: 'http://pyodide.invalid/',
      lockFileContents: lock,
      createPyodideModule: async (settings) => {
        const module = await create(settings);
        if (snapshot !== undefined) restoreFrom(snapshot, module.API, stand.exports());
        return module;
      },
    });
    return { pyodide, limit: stand.limit, whatRefused: stand.whatRefused };
  } finally {
    stand.end();
  }
}

/**
 * Pyodide reads what it wrote about the snapshot; its memory is put together here. What the start has written since is
 * wiped, but for the stack, where nothing lives yet, and what lies above the snapshot's last piece, where nothing is yet.
 */
function restoreFrom({ bytes, layout }, API, { memory, __stack_low, __stack_high }) {
  const { restoreSnapshot } = API;
  const target = new Uint8Array(memory.buffer);
  API.restoreSnapshot = (head) => {
    const about = restoreSnapshot(head);
    let from = layout.head;
    let wiped = 0;
    for (const [at, length] of layout.pieces) {
      target.fill(0, wiped, Math.min(at, Math.max(wiped, __stack_low.value)));
      target.fill(0, Math.min(at, Math.max(wiped, __stack_high.value)), at);
      target.set(bytes.subarray(from, from + length), at);
      from += length;
      wiped = at + length;
    }
    return about;
  };
}

/** workerd compiles no bytes at run time: what Pyodide would compile is handed to it compiled. */
function standIn({ wasm, library, empty, trampoline, trampolineSize }) {
  const { fetch } = globalThis;
  const { instantiate, instantiateStreaming, Module } = WebAssembly;
  let exports;
  let refused;
  globalThis.fetch = async (url) => {
    const name = String(url?.url ?? url);
    // No real answers: their bytes would be copied once more.
    if (name.endsWith('python_stdlib.zip')) return { ok: true, arrayBuffer: async () => library };
    if (name.endsWith('.wasm')) return { ok: true };
    throw new Error(`There is no ${name}`);
  };
  WebAssembly.Module = new Proxy(Module, {
    construct(_target, [bytes]) {
      if (bytes.byteLength === 8) return empty;
      if (bytes.byteLength === trampolineSize) return trampoline;
      return new Module(bytes);
    },
  });
  WebAssembly.instantiateStreaming = async (_response, imports) => {
    const instance = await instantiate.call(WebAssembly, wasm, imports);
    exports = instance.exports;
    return { instance, module: wasm };
  };
  return {
    exports: () => exports,
    limit(bytes) {
      const { memory } = exports;
      const most = Math.ceil((memory.buffer.byteLength + bytes) / PAGE);
      refused = undefined;
      memory.grow = (pages) => {
        if (memory.buffer.byteLength / PAGE + pages > most) {
          refused = bytes;
          throw new RangeError('The guest has no more memory');
        }
        return WebAssembly.Memory.prototype.grow.call(memory, pages);
      };
    },
    whatRefused: () => refused,
    end() {
      globalThis.fetch = fetch;
      Object.assign(WebAssembly, { instantiateStreaming, Module });
    },
  };
}
