// Calls that outlive their request: kept in this process, found by an unguessable id, and by nobody but their owner.
import type { CallToolResult, InputRequests } from '@modelcontextprotocol/server';
import type { JsonObject } from '@pypes/contract';

export type TaskStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';

/** One call as a task. */
export type Task = {
  readonly id: string;
  readonly owner: string;
  readonly status: TaskStatus;
  readonly message?: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** How long it is kept after it was created. */
  readonly ttlMs: number;
  readonly result?: CallToolResult;
  readonly error?: TaskError;
  /** What it still waits for. */
  readonly requests?: InputRequests;
};

export type TaskError = { readonly code: number; readonly message: string; readonly data?: unknown };

/** What a task does; both reject with what becomes its error. */
export type TaskWork = (
  ask: (requests: InputRequests) => Promise<JsonObject>,
  say: (message: string) => void,
) => Promise<CallToolResult>;

/** How many tasks there may be. */
export type TaskLimits = {
  readonly perOwner: number;
  readonly all: number;
  /** What results of finished tasks may take together, in characters; the oldest go first. */
  readonly resultCharacters: number;
  readonly ttlMs: number;
};

/** The tasks of a process. */
export interface Tasks {
  /** Undefined where the owner, or everybody together, has too many. */
  start(owner: string, work: TaskWork, controller: AbortController, ttlMs?: number): Task | undefined;
  get(owner: string, id: string): Task | undefined;
  /** Newest first. */
  list(owner: string): readonly Task[];
  /** Ends what is not over; false where the owner has no such task. */
  cancel(owner: string, id: string): boolean;
  /** Answers to what it waits for; others are ignored. False where the owner has no such task. */
  answer(owner: string, id: string, answers: JsonObject): boolean;
  /** Resolves when the task is over, or waits for other things than it did. */
  change(task: Task, signal: AbortSignal): Promise<Task>;
  /** Ends all tasks of an owner, or of everybody. */
  end(owner?: string): void;
}

const HOUR_MS = 3_600_000;
const DEFAULTS: TaskLimits = { perOwner: 64, all: 1_024, resultCharacters: 64 * 1024 * 1024, ttlMs: HOUR_MS };
const OVER: ReadonlySet<TaskStatus> = new Set(['completed', 'failed', 'cancelled']);

type Kept = {
  task: Task;
  readonly controller: AbortController;
  readonly watchers: Set<() => void>;
  answered: JsonObject;
  resume?: (answers: JsonObject) => void;
  size: number;
};

/** Whether nothing more will happen to a task. */
export function isOver({ status }: Task): boolean {
  return OVER.has(status);
}

/** Tasks, in the order in which they were created. */
export function createTasks(options: {
  readonly now: () => number;
  readonly newSecret: () => string;
  readonly limits?: Partial<TaskLimits>;
}): Tasks {
  const { now, newSecret } = options;
  const limits = { ...DEFAULTS, ...options.limits };
  const all = new Map<string, Kept>();
  let characters = 0;

  function set(kept: Kept, change: Partial<Task>): void {
    // Who is canceled stays canceled, whatever the agent still says.
    if (isOver(kept.task)) return;
    kept.task = { ...kept.task, ...change, updatedAt: now() };
    if (isOver(kept.task)) keepResult(kept);
    for (const watcher of [...kept.watchers]) watcher();
  }

  function keepResult(kept: Kept): void {
    const { requests: _requests, ...rest } = kept.task;
    kept.task = rest;
    kept.size = kept.task.result === undefined ? 0 : JSON.stringify(kept.task.result).length;
    characters += kept.size;
    for (const [id, other] of all) {
      if (characters <= limits.resultCharacters) return;
      if (isOver(other.task) && other !== kept) drop(id, other);
    }
  }

  function drop(id: string, kept: Kept): void {
    all.delete(id);
    characters -= kept.size;
    kept.controller.abort();
  }

  function sweep(): void {
    const time = now();
    for (const [id, kept] of all) if (time >= kept.task.createdAt + kept.task.ttlMs) drop(id, kept);
  }

  function find(owner: string, id: string): Kept | undefined {
    sweep();
    const kept = all.get(id);
    return kept?.task.owner === owner ? kept : undefined;
  }

  function makeRoom(owner: string): boolean {
    const mine = [...all].filter(([, { task }]) => task.owner === owner);
    const over = mine.find(([, { task }]) => isOver(task));
    if (mine.length >= limits.perOwner) {
      if (over === undefined) return false;
      drop(...over);
    } else if (all.size >= limits.all) {
      const any = over ?? [...all].find(([, { task }]) => isOver(task));
      if (any === undefined) return false;
      drop(...any);
    }
    return true;
  }

  return {
    start(owner, work, controller, ttlMs = limits.ttlMs) {
      sweep();
      if (!makeRoom(owner)) return undefined;
      const time = now();
      const task: Task = {
        id: newSecret(),
        owner,
        status: 'working',
        createdAt: time,
        updatedAt: time,
        ttlMs: Math.min(Math.max(1, ttlMs), limits.ttlMs),
      };
      const kept: Kept = { task, controller, watchers: new Set(), answered: {}, size: 0 };
      all.set(task.id, kept);
      const ask = (requests: InputRequests) =>
        new Promise<JsonObject>((resume) => {
          kept.answered = {};
          kept.resume = resume;
          set(kept, { status: 'input_required', requests });
        });
      work(ask, (message) => set(kept, { message })).then(
        (result) => set(kept, { status: 'completed', result }),
        (error: unknown) => set(kept, { status: 'failed', error: toTaskError(error) }),
      );
      return task;
    },
    get: (owner, id) => find(owner, id)?.task,
    list(owner) {
      sweep();
      return [...all.values()]
        .filter(({ task }) => task.owner === owner)
        .map(({ task }) => task)
        .reverse();
    },
    cancel(owner, id) {
      const kept = find(owner, id);
      if (kept === undefined) return false;
      set(kept, { status: 'cancelled' });
      kept.controller.abort();
      return true;
    },
    answer(owner, id, answers) {
      const kept = find(owner, id);
      if (kept === undefined) return false;
      const { requests } = kept.task;
      if (requests === undefined) return true;
      const taken = Object.entries(answers).filter(([key]) => Object.hasOwn(requests, key));
      const left = Object.fromEntries(Object.entries(requests).filter(([key]) => !taken.some(([one]) => one === key)));
      kept.answered = { ...kept.answered, ...Object.fromEntries(taken) };
      if (Object.keys(left).length > 0) {
        if (taken.length > 0) set(kept, { requests: left });
        return true;
      }
      const { requests: _requests, ...rest } = kept.task;
      kept.task = rest;
      set(kept, { status: 'working' });
      kept.resume?.(kept.answered);
      return true;
    },
    change(task, signal) {
      const kept = all.get(task.id);
      if (kept === undefined || kept.task !== task) return Promise.resolve(kept?.task ?? task);
      return new Promise((changed) => {
        const done = () => {
          kept.watchers.delete(done);
          signal.removeEventListener('abort', done);
          changed(kept.task);
        };
        kept.watchers.add(done);
        signal.addEventListener('abort', done);
        if (signal.aborted) done();
      });
    },
    end(owner) {
      for (const [id, kept] of all) {
        if (owner !== undefined && kept.task.owner !== owner) continue;
        set(kept, { status: 'cancelled' });
        drop(id, kept);
      }
    },
  };
}

function toTaskError(error: unknown): TaskError {
  const { code, message, data } = error as {
    readonly code?: unknown;
    readonly message?: unknown;
    readonly data?: unknown;
  };
  return {
    code: typeof code === 'number' ? code : -32603,
    message: typeof message === 'string' ? message : String(error),
    ...(data === undefined ? {} : { data }),
  };
}
