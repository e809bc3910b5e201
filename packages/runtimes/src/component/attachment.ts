// What the host makes ready for the threads of one component.
import type { ResolvedWit, WitFunction, WorldId } from '@pypes/wit/resolved';
import type { Import } from './imports.ts';

export type ComponentAttachment = {
  /** The text of the glue, as it was checked: what lies on the disk by now is never run. */
  readonly glue: string;
  readonly modules: { readonly [name: string]: WebAssembly.Module };
  /** Modules that may be instantiated only once, or the bounds of memory would not hold. */
  readonly once: readonly string[];
  readonly resolved: ResolvedWit;
  readonly world: WorldId;
  readonly imports: readonly Import[];
  /** Exports answer later, and so do the imports that ask the host. */
  readonly waits: boolean;
  /** Exported functions by the names of their agents. */
  readonly functions: readonly {
    readonly agent: string;
    readonly interface: string | null;
    readonly function: WitFunction;
  }[];
};
