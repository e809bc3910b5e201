// The one writer of one stream of one run: lines queue up while an append is under way, and go out together.
import type { RunLines, RunRef, RunStore, RunStream } from '@pypes/contract/runs';

/** Where lines go. */
export type LineWriterOptions = {
  readonly store: Pick<RunStore, 'append' | 'last' | 'read'>;
  readonly ref: RunRef;
  readonly attempt: number;
  readonly stream: RunStream;
  /** The number of the first line. */
  readonly first: number;
  /** How long lines wait for others; 0: they do not. */
  readonly lingerMs: number;
  /** What waits there goes at the same time: a store may take both in one step. */
  readonly along?: LineWriter;
  /** Does it again where the store fails. */
  readonly persist: <T>(work: () => Promise<T>) => Promise<T>;
  /** Somebody else has the run, or nothing can be stored: no line gets through any more. */
  readonly onLost: (error?: unknown) => void;
};

/** One line that waits. Its number is known when it is written. */
export type WaitingLine = {
  readonly write: (number: number) => string;
  readonly stored?: (number: number) => void;
  readonly lost?: () => void;
  /** A line with the same subject that still waits right before it says nothing any more. */
  readonly subject?: string;
};

const MOST_LINES = 500;
/** So many go out without waiting for more. */
const ENOUGH = 100;
/** Whoever waits for room waits while there are more. */
const MOST_WAITING = 1_000;

export class LineWriter {
  readonly #options: LineWriterOptions;
  #waiting: WaitingLine[] = [];
  #next: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pumping: Promise<void> | undefined;
  #isClosed = false;
  #wake: (() => void)[] = [];

  constructor(options: LineWriterOptions) {
    this.#options = options;
    this.#next = options.first;
  }

  add(line: WaitingLine): void {
    if (this.#isClosed) {
      line.lost?.();
      return;
    }
    const last = this.#waiting.length - 1;
    const isPressed = last >= ENOUGH || this.#pumping !== undefined;
    if (isPressed && line.subject !== undefined && this.#waiting[last]?.subject === line.subject) {
      this.#waiting[last] = line;
      return;
    }
    this.#waiting.push(line);
    this.#schedule();
  }

  /** Undefined where there is room. */
  room(): Promise<void> | undefined {
    if (this.#waiting.length < MOST_WAITING || this.#isClosed) return undefined;
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  /** Nothing waits for others any more. */
  flush(): void {
    clearTimeout(this.#timer);
    if (this.#waiting.length > 0) this.#begin();
  }

  /** Ends the writing: what waits is handed over, to be stored together with the run's last change. */
  async drain(): Promise<RunLines & { readonly stored: () => void }> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#pumping;
    const rest = this.#waiting;
    this.#waiting = [];
    this.#stir();
    const first = this.#next;
    return {
      first,
      lines: rest.map(({ write }, index) => write(first + index)),
      stored: () => rest.forEach(({ stored }, index) => void stored?.(first + index)),
    };
  }

  #schedule(): void {
    if (this.#pumping !== undefined) return;
    if (this.#options.lingerMs === 0 || this.#waiting.length >= ENOUGH) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#begin();
    } else this.#timer ??= setTimeout(() => this.#begin(), this.#options.lingerMs);
  }

  #begin(): void {
    this.#timer = undefined;
    if (this.#pumping !== undefined || this.#isClosed) return;
    this.#options.along?.flush();
    this.#pumping = this.#pump().finally(() => {
      this.#pumping = undefined;
      if (this.#waiting.length > 0 && !this.#isClosed) this.#schedule();
    });
  }

  /** Never rejects. */
  async #pump(): Promise<void> {
    // Those that are added in this turn come along.
    await undefined;
    while (this.#waiting.length > 0 && !this.#isClosed) {
      const taken = this.#waiting.splice(0, MOST_LINES);
      const first = this.#next;
      const lines = taken.map(({ write }, index) => write(first + index));
      let isStored = false;
      try {
        isStored = await this.#append({ first, lines });
        if (!isStored) this.#lose(taken);
      } catch (error) {
        this.#lose(taken, error);
      }
      if (!isStored) return;
      this.#next += lines.length;
      taken.forEach(({ stored }, index) => void stored?.(first + index));
      if (this.#waiting.length < MOST_WAITING) this.#stir();
    }
  }

  #append(lines: RunLines): Promise<boolean> {
    const { store, ref, attempt, stream, persist } = this.#options;
    let isUnsure = false;
    return persist(async () => {
      // An append that failed may have been stored all the same: a second one would be refused.
      const known = isUnsure ? await findStored(store, ref, stream, lines) : undefined;
      isUnsure = true;
      return known ?? store.append({ ...ref, attempt }, stream, lines);
    });
  }

  #lose(taken: readonly WaitingLine[], error?: unknown): void {
    this.#isClosed = true;
    const all = [...taken, ...this.#waiting];
    this.#waiting = [];
    for (const { lost } of all) lost?.();
    this.#stir();
    this.#options.onLost(error);
  }

  #stir(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** Whether these lines are there: undefined where none is, false where others are in their place. */
async function findStored(
  store: Pick<RunStore, 'last' | 'read'>,
  ref: RunRef,
  stream: RunStream,
  { first, lines }: RunLines,
): Promise<boolean | undefined> {
  if ((await store.last(ref, stream)) < first) return undefined;
  const there = await store.read(ref, stream, first - 1, lines.length);
  return there.length === lines.length && there.every((line, index) => line === lines[index]);
}
