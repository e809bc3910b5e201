// Files in languages that run neither here nor anywhere that is configured: kept, and said to be what they are.
import { PypesError, type Runtime } from '@pypes/contract';

const LANGUAGES: { readonly [ending: string]: string } = { '.py': 'Python', '.wasm': 'WebAssembly components' };

/** Takes the files that no other runtime of the edge does, and loads none of them (`unsupported`). */
export function createMissingRuntime(here: readonly string[]): Runtime {
  return {
    name: 'missing',
    extensions: Object.keys(LANGUAGES),
    companions: ['.wit'],
    capabilities: { sandboxed: true, interruptible: true, context: false },
    async load({ filename }) {
      const ending = filename.slice(filename.lastIndexOf('.')).toLowerCase();
      throw new PypesError(
        'unsupported',
        `${LANGUAGES[ending] ?? ending} cannot run at this endpoint, which runs ${here.join(', ')}; its operator can name one that can, in PYPES_REMOTE_URL`,
      );
    },
    close: async () => undefined,
  };
}
