// Files in languages that run neither here nor anywhere that is configured: kept, and said to be what they are.
import { PypesError, type Runtime } from '@pypes/contract';

const LANGUAGES: { readonly [ending: string]: { readonly name: string; readonly alsoBy?: string } } = {
  '.py': { name: 'Python', alsoBy: ', or start it with pypes edge --python' },
  '.wasm': {
    name: 'WebAssembly components',
    alsoBy: ', or bind a Worker Loader as LOADER ("worker_loaders" in wrangler.jsonc), so that they run here',
  },
};

/** Takes the files that none of `here` does, and loads none of them (`unsupported`). */
export function createMissingRuntime(here: readonly Runtime[]): Runtime {
  const taken = new Set(here.flatMap(({ extensions }) => extensions));
  return {
    name: 'missing',
    extensions: Object.keys(LANGUAGES).filter((ending) => !taken.has(ending)),
    companions: ['.wit'],
    capabilities: { sandboxed: true, interruptible: true, context: false },
    async load({ filename }) {
      const ending = filename.slice(filename.lastIndexOf('.')).toLowerCase();
      const { name = ending, alsoBy = '' } = LANGUAGES[ending] ?? {};
      const names = here.map((each) => each.name).join(', ');
      throw new PypesError(
        'unsupported',
        `${name} cannot run at this endpoint, which runs ${names}; its operator can name one that can, in PYPES_REMOTE_URL${alsoBy}`,
      );
    },
    close: async () => undefined,
  };
}
