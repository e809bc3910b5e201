// The thread that a component runs in. Its policy forbids every request; the page ends it when it takes too long.
import { bindFunctions, type Exports } from './call.ts';
import type { GuestAnswer, GuestCall, GuestStart, Outcome } from './messages.ts';

type Glue = {
  readonly instantiate: (getModule: (name: string) => Promise<WebAssembly.Module>, imports: object) => Promise<Exports>;
};

let call: ((path: string, args: unknown) => Outcome) | undefined;

addEventListener('message', async ({ data }: MessageEvent<GuestStart | GuestCall>) => postMessage(await answer(data)));

async function answer(asked: GuestStart | GuestCall): Promise<GuestAnswer> {
  try {
    if ('transpiled' in asked) {
      call = await start(asked);
      return { ready: true };
    }
    return call === undefined ? { refused: 'It has not started' } : { outcome: call(asked.path, asked.args) };
  } catch (error) {
    return { refused: String(error) };
  }
}

async function start({ transpiled, types }: GuestStart) {
  const url = URL.createObjectURL(new Blob([transpiled.glue], { type: 'text/javascript' }));
  const glue = (await import(url)) as Glue;
  URL.revokeObjectURL(url);
  const compile = (name: string) => {
    const module = transpiled.modules[name];
    if (module === undefined) throw new Error(`The component has no core module ${name}`);
    return WebAssembly.compile(module);
  };
  return bindFunctions(await glue.instantiate(compile, {}), types);
}
