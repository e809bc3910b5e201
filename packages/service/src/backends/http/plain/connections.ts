// The plain connections of a server, and the end of those that nobody uses.
import type { PlainConnection } from './connection.ts';

/** How often they are looked at: a timer for each would be set anew with each request. */
export const SWEEP_MS = 1_000;

/** All that are open. */
export class PlainConnections {
  readonly #open = new Set<PlainConnection>();
  #timer: NodeJS.Timeout | undefined;

  add(connection: PlainConnection): void {
    this.#open.add(connection);
    this.#timer ??= setInterval(() => this.#each('sweep'), SWEEP_MS).unref();
  }

  delete(connection: PlainConnection): void {
    this.#open.delete(connection);
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Ends those on which nothing is under way. */
  closeIdle(): void {
    this.#each('closeIdle');
  }

  /** Ends all. */
  close(): void {
    this.#each('close');
  }

  #each(what: 'sweep' | 'closeIdle' | 'close'): void {
    for (const connection of this.#open) connection[what]();
  }
}
