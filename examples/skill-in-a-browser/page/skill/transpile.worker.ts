// The thread that makes JavaScript of one component and ends: a panic would poison the tool for whoever came next.
import { $init, generate } from '@bytecodealliance/jco-transpile/component';
import type { Bytes } from '../registry/bytes.ts';
import type { TranspileAnswer } from './messages.ts';

addEventListener('message', async ({ data }: MessageEvent<Bytes>) => {
  postMessage(await transpile(data));
});

async function transpile(component: Bytes): Promise<TranspileAnswer> {
  try {
    await $init;
    const { files } = generate(component, {
      name: 'skill',
      noTypescript: true,
      noNodejsCompat: true,
      instantiation: { tag: 'async' },
      base64Cutoff: 0,
      noComponentErrorWrapping: false,
    });
    const glue = files.find(([name]) => name === 'skill.js')?.[1];
    const modules = files
      .filter(([name]) => name.endsWith('.wasm'))
      .map(([name, bytes]) => [name, bytes.slice()] as const);
    return { done: { glue: new TextDecoder().decode(glue), modules: Object.fromEntries(modules) } };
  } catch (error) {
    // The tool throws texts as errors with a payload.
    const payload = (error as { readonly payload?: unknown } | null)?.payload;
    return { refused: typeof payload === 'string' ? payload : String(error) };
  }
}
