// What an instance may use up, where it counts that itself: see inline/guest/fuel.ts.
import type { LimitError } from '../../threads/guest/failure.ts';

/** The fuel of one instance of a component. */
export type Meter = {
  /** Makes one of its core instances. */
  instantiate(module: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Instance;
  /** A call begins: it has all of its fuel. */
  begin(): void;
  /** Takes what is done for the component outside of it. */
  readonly spend: (cost: number) => void;
  /** Whether the call has used more than it had. */
  crossed(): LimitError | undefined;
};
