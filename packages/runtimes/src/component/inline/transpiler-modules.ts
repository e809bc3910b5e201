// The transpiler's own modules as the edge has them: bounded, and counting what they do, for nothing else ends them there.
import { meterModules } from '../fuel/index.ts';
import { boundModules } from '../memory.ts';

/** What the tool may have of the 128 MiB of an isolate. */
const MEMORY_BYTES = 96 * 1024 * 1024;
const NAME = 'jco-transpile';

/** `modules` are all that jco-transpile has, by the names that the glue of `createTool` asks for. */
export function toEdgeTranspiler(modules: { readonly [name: string]: Uint8Array }): {
  readonly [name: string]: Uint8Array;
} {
  return meterModules(boundModules(modules, MEMORY_BYTES, NAME).modules, NAME);
}
