// Brings the glue of a component into its thread, and takes from the thread what the glue has no business with: the tool
// that wrote it is trusted, the names in it are a stranger's.
import { registerHooks } from 'node:module';

const URL_OF_GLUE = 'component:glue';
/** Ways to the machine and to other threads; nothing of this package uses them as globals. */
const POWERS = ['process', 'fetch', 'WebSocket', 'EventSource', 'BroadcastChannel', 'navigator', 'localStorage'];

/** From now on the thread imports nothing else. */
export async function importGlue(text: string): Promise<unknown> {
  for (const name of POWERS) Reflect.deleteProperty(globalThis, name);
  registerHooks({
    resolve(specifier) {
      if (specifier === URL_OF_GLUE) return { url: URL_OF_GLUE, format: 'module', shortCircuit: true };
      throw new Error(`A component imports nothing from the thread that it runs in, "${specifier}" neither`);
    },
    load: (url, context, nextLoad) =>
      url === URL_OF_GLUE ? { format: 'module', source: text, shortCircuit: true } : nextLoad(url, context),
  });
  return import(URL_OF_GLUE);
}
