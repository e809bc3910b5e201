// workerd's configuration: one worker, one socket, no network, no disk, no bindings.

/** Three times V8's own: sooner, it optimises functions in the middle of the start, on the processor that starts. */
const OPTIMISED_AFTER = 40_000_000;

/** Where workerd listens is said on its command line. */
export function toConfig(mode: 'make' | 'serve'): string {
  const modules = MODULES.filter(([name]) => mode === 'serve' || !name.startsWith('snapshot.'));
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = [])),
  ],
  v8Flags = ["--wasm-tiering-budget=${OPTIMISED_AFTER}"],
  sockets = [(name = "host", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [
${modules.map(([name, kind]) => `    (name = "${name}", ${kind} = embed "${name}"),`).join('\n')}
  ],
  compatibilityDate = "2026-04-01",
  globalOutbound = "internet",
);
`;
}

/** The first one is the worker itself. */
const MODULES = [
  ['worker.mjs', 'esModule'],
  ['boot.mjs', 'esModule'],
  ['surroundings.mjs', 'esModule'],
  ['pyodide.mjs', 'esModule'],
  ['pyodide.asm.mjs', 'esModule'],
  ['pyodide.asm.wasm', 'wasm'],
  ['trampoline.wasm', 'wasm'],
  ['empty.wasm', 'wasm'],
  ['python_stdlib.zip', 'data'],
  ['pyodide-lock.json', 'text'],
  ['trampoline.size', 'text'],
  ['guest.json', 'text'],
  ['guest.bin', 'data'],
  ['snapshot.json', 'text'],
  ['snapshot.bin', 'data'],
] as const;
