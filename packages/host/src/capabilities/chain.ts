// What a chain of nested calls shares: the secrets that must not leave it, and its working session.
import type { Json, WorkingSession } from '@pypes/contract';
import { createRedactor, type Redactor } from './vault/redact.ts';

/** One chain: from the call that came in through a door to the last one that it made. */
export class Chain {
  readonly id: string;
  #redactor: Redactor | undefined;
  #session: Promise<WorkingSession> | undefined;
  #ended = false;

  constructor(id: string) {
    this.id = id;
  }

  /** From now on the value is cut out of whatever the chain logs, reports and returns. */
  hide(name: string, value: string): void {
    this.#redactor ??= createRedactor();
    this.#redactor.add(name, value);
  }

  text(text: string): string {
    return this.#redactor === undefined ? text : this.#redactor.text(text);
  }

  json<T extends Json>(value: T): T {
    return this.#redactor === undefined ? value : (this.#redactor.json(value) as T);
  }

  /** The chain's one session, opened when first asked for. */
  session(open: () => Promise<WorkingSession>): Promise<WorkingSession> {
    if (this.#session === undefined) {
      const opening = open();
      this.#session = opening;
      opening.then(
        (session) => this.#ended && void session.close(),
        () => {
          this.#session = undefined;
        },
      );
    }
    return this.#session;
  }

  get hidesSecrets(): boolean {
    return this.#redactor !== undefined;
  }

  /** The outermost call has ended. */
  end(): void {
    this.#ended = true;
    void this.#session?.then((session) => session.close()).catch(() => undefined);
  }
}
