// Starts Pyodide from workerd's own modules: no network, no code that is made at run time, memory that has a limit.
import './surroundings.mjs';

/** A module of the worker's configuration, by its name there. */
const part = async (name) => (await import(`./${name}`)).default;

const PAGE = 64 * 1024;

/**
 * Pyodide and a function that bounds how far its memory may grow from now on, in bytes.
 *
 * @param {object} options those of loadPyodide
 */
export async function boot(options) {
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
      indexURL: 'http://pyodide.invalid/',
      lockFileContents: lock,
      createPyodideModule: create,
    });
    return { pyodide, limit: stand.limit };
  } finally {
    stand.end();
  }
}

/** workerd compiles no bytes at run time: what Pyodide would compile is handed to it compiled. */
function standIn({ wasm, library, empty, trampoline, trampolineSize }) {
  const { fetch } = globalThis;
  const { instantiate, Module, Memory } = WebAssembly;
  let memory;
  globalThis.fetch = async (url) => {
    const name = String(url?.url ?? url);
    if (name.endsWith('python_stdlib.zip')) return new Response(library);
    if (name.endsWith('.wasm')) return new Response(new Uint8Array(8));
    throw new Error(`There is no ${name}`);
  };
  WebAssembly.Module = new Proxy(Module, {
    construct(_target, [bytes]) {
      if (bytes.byteLength === 8) return empty;
      if (bytes.byteLength === trampolineSize) return trampoline;
      return new Module(bytes);
    },
  });
  WebAssembly.instantiate = async (bytes, imports) => {
    if (bytes instanceof Module) return instantiate.call(WebAssembly, bytes, imports);
    return { instance: await instantiate.call(WebAssembly, wasm, imports), module: wasm };
  };
  WebAssembly.instantiateStreaming = (_response, imports) => WebAssembly.instantiate(null, imports);
  WebAssembly.Memory = new Proxy(Memory, {
    construct(target, args) {
      memory = new target(...args);
      return memory;
    },
  });
  return {
    limit(bytes) {
      const most = Math.ceil((memory.buffer.byteLength + bytes) / PAGE);
      memory.grow = (pages) => {
        if (memory.buffer.byteLength / PAGE + pages > most) throw new RangeError('The guest has no more memory');
        return Memory.prototype.grow.call(memory, pages);
      };
    },
    end() {
      globalThis.fetch = fetch;
      Object.assign(WebAssembly, { instantiate, Module, Memory });
    },
  };
}
