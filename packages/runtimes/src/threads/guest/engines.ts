// Engines of a sandbox inside a thread: one call at a time in each, none ever shared by two users.

/** Something that runs the calls of one user. */
export interface Engine {
  /** It was stopped in the middle, or left in doubt: it is never used again. */
  readonly dead: boolean;
  dispose(): void;
}

/** Runs calls on engines: one call at a time in each, none ever shared by two users. */
export interface Engines<E extends Engine> {
  /** Makes one that no user has seen yet, and keeps it for the first that comes. */
  first(): Promise<E>;
  /** Runs `work` on an engine that is this user's alone; at once where there is one and the work is. */
  run<T>(user: string, work: (engine: E) => T | Promise<T>): T | Promise<T>;
}

/** `create` makes an engine that no user has seen yet. */
export type CreateEngines = <E extends Engine>(create: () => E | Promise<E>) => Engines<E>;

/** Idle engines that wait for their user to come again, in one thread. */
const MOST_IDLE = 8;

/** `create` makes an engine that no user has seen yet. */
export function createEngines<E extends Engine>(create: () => E | Promise<E>) {
  /** Oldest first. */
  const idle: { readonly user: string; readonly engine: E }[] = [];
  let fresh: E | undefined;

  return {
    /** One that was made already and has seen no user. */
    offer(engine: E): void {
      fresh = engine;
    },
    async first(): Promise<E> {
      fresh = await create();
      return fresh;
    },
    run<T>(user: string, work: (engine: E) => T | Promise<T>): T | Promise<T> {
      const engine = takeIdle(user) ?? takeFresh();
      if (engine !== undefined) return use(user, engine, work);
      return Promise.resolve(create()).then((made) => use(user, made, work));
    },
  };

  function use<T>(user: string, engine: E, work: (engine: E) => T | Promise<T>): T | Promise<T> {
    let result: T | Promise<T>;
    try {
      result = work(engine);
    } catch (error) {
      giveBack(user, engine);
      throw error;
    }
    if (result instanceof Promise) return result.finally(() => giveBack(user, engine));
    giveBack(user, engine);
    return result;
  }

  function giveBack(user: string, engine: E): void {
    if (engine.dead) engine.dispose();
    else keep(user, engine);
  }

  function takeIdle(user: string): E | undefined {
    if (idle.at(-1)?.user === user) return idle.pop()?.engine;
    const at = idle.findLastIndex((entry) => entry.user === user);
    return at < 0 ? undefined : idle.splice(at, 1)[0]?.engine;
  }

  function takeFresh(): E | undefined {
    const engine = fresh;
    fresh = undefined;
    return engine;
  }

  function keep(user: string, engine: E): void {
    idle.push({ user, engine });
    if (idle.length > MOST_IDLE) idle.shift()?.engine.dispose();
  }
}
