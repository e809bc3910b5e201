// What a chain of nested calls shares: the secrets that must not leave it, and its working sessions.
import type { Json, WorkingSession } from '@pypes/contract';
import { createRedactor, type Redactor } from './vault/redact.ts';

/** One chain: from the call that came in through a door to the last one that it made. */
export class Chain {
  readonly id: string;
  #redactor: Redactor | undefined;
  readonly #sessions = new Map<string, Promise<WorkingSession>>();
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

  /** The chain's one session of an owner, opened when first asked for. */
  session(owner: string, open: () => Promise<WorkingSession>): Promise<WorkingSession> {
    const known = this.#sessions.get(owner);
    if (known !== undefined) return known;
    const opening = open();
    this.#sessions.set(owner, opening);
    opening.then(
      (session) => this.#ended && void session.close(),
      () => this.#sessions.delete(owner),
    );
    return opening;
  }

  get hidesSecrets(): boolean {
    return this.#redactor !== undefined;
  }

  /** The outermost call has ended. */
  end(): void {
    this.#ended = true;
    for (const opening of this.#sessions.values()) {
      void opening.then((session) => session.close()).catch(() => undefined);
    }
  }
}
