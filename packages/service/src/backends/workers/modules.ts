// WebAssembly that the edge cannot compile itself: it comes as modules beside the Worker.
import type { CreateTool } from '@pypes/runtimes/component-inline';

export type EdgeModules = {
  /** QuickJS: what JavaScript runs in. */
  readonly quickjs: WebAssembly.Module;
  /** What strips types from TypeScript. */
  readonly typescript: WebAssembly.Module;
  /** What components need: absent, none runs here. */
  readonly components?: {
    readonly createTool: CreateTool;
    /** The transpiler's own. */
    readonly modules: { readonly [name: string]: WebAssembly.Module };
    /** The text of what runs beside a component in its isolate. */
    readonly guest: string;
  };
};
