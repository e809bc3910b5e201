// Isolates by a Worker Loader, as Cloudflare and workerd have it: a Worker that is made of a component's own modules,
// reaches nothing, and is gone when nobody holds on to it.
import type {
  ComponentIsolate,
  ComponentIsolates,
  IsolateAnswer,
  IsolateCall,
  IsolateProgram,
  TellHost,
} from './isolate.ts';

/** The binding, as far as it is used. */
export interface WorkerLoader {
  load(code: WorkerCode): { getEntrypoint(): Entrypoint };
}

type WorkerCode = {
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  readonly mainModule: string;
  readonly modules: { readonly [name: string]: string | { readonly wasm: ArrayBuffer } | { readonly json: unknown } };
  readonly env: object;
  readonly globalOutbound: null;
  /** Enforced at Cloudflare, and only there. */
  readonly limits: { readonly cpuMs: number; readonly subRequests: number };
};

/** What the main module below exports, as its caller sees it. */
type Entrypoint = {
  ready(): Promise<void>;
  call(call: IsolateCall, tell: TellHost): Promise<IsolateAnswer>;
};

export type LoaderParts = {
  readonly loader: WorkerLoader;
  /** The text of guest/serve.ts as one ES module. */
  readonly guest: string;
  readonly compatibilityDate: string;
};

/** Logs, progress and questions are no requests to the network, but count where limits are enforced. */
const MOST_CALLS_OUT = 10_000;

export function createLoaderIsolates({ loader, guest, compatibilityDate }: LoaderParts): ComponentIsolates {
  return {
    async open(program) {
      const code: WorkerCode = {
        compatibilityDate,
        // Buffer, and the clock and the random numbers of Node: what the guest uses in a thread, too.
        compatibilityFlags: ['nodejs_compat'],
        mainModule: 'main.js',
        modules: toModules(program, guest),
        env: {},
        globalOutbound: null,
        limits: { cpuMs: program.facts.source.cpuMs, subRequests: MOST_CALLS_OUT },
      };
      const entrypoint = loader.load(code).getEntrypoint();
      await entrypoint.ready();
      return toIsolate(entrypoint);
    },
  };
}

function toIsolate(entrypoint: Entrypoint): ComponentIsolate {
  let isDead = false;
  return {
    get dead() {
      return isDead;
    },
    dispose() {
      isDead = true;
    },
    async call(call, tell) {
      try {
        return await entrypoint.call(call, tell);
      } catch (error) {
        isDead = true;
        throw error;
      }
    },
  };
}

/** Names in the glue are no names of modules: numbers are, and a list of them beside. */
function toModules({ glue, modules, facts }: IsolateProgram, guest: string): WorkerCode['modules'] {
  const names = Object.keys(modules);
  const code: { [name: string]: WorkerCode['modules'][string] } = {
    'main.js': MAIN,
    'guest.js': guest,
    'glue.js': glue,
    'facts.json': { json: facts },
    'modules.js': `${names.map((_, at) => `import m${at} from './m${at}.wasm';`).join('\n')}
export default { ${names.map((name, at) => `${JSON.stringify(name)}: m${at}`).join(', ')} };
`,
  };
  for (const [at, name] of names.entries())
    code[`m${at}.wasm`] = { wasm: toBuffer(modules[name] as Uint8Array<ArrayBuffer>) };
  return code;
}

function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return buffer.byteLength === byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
}

const MAIN = `import { WorkerEntrypoint } from 'cloudflare:workers';
import facts from './facts.json';
import * as glue from './glue.js';
import { createGuest } from './guest.js';
import modules from './modules.js';
const guest = createGuest(glue, modules, facts);
export default class extends WorkerEntrypoint {
  ready() {}
  call(call, tell) {
    return guest.call(call, tell);
  }
}
`;
