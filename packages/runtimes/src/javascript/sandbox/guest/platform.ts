// What the sandbox needs of the place that it runs in: a thread of Node, or a Worker at the edge.
import type { QuickJSWASMModule } from 'quickjs-emscripten-core';
import type { TextOf } from './modules.ts';

export type SandboxPlatform = {
  /** A QuickJS with a memory of its own, of so many bytes at most; says whether it is full each time that it should grow. */
  readonly createQuickJs: (guestBytes: number, onGrow: (isFull: boolean) => void) => Promise<QuickJSWASMModule>;
  readonly textOf: TextOf;
  /** The extension of this package's own modules, as their imports say it. */
  readonly extension: string;
  /**
   * How many loops and calls stand for a millisecond where the clock stands still while code computes, as it does in
   * Cloudflare's Workers; undefined where it does not.
   */
  readonly stepsPerMs?: number;
};
