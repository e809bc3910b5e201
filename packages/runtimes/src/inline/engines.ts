// The engines of all files of one runtime in one isolate: few, for they share its memory; none shared by two users.
import type { Engine, Engines } from '../threads/guest/engines.ts';

/** Engines of one file. */
export interface InlineEngines<E extends Engine> extends Engines<E> {
  /** Gives up what is idle. */
  close(): void;
}

/** As CreateEngines, of engines that can be given up. */
export type CreateInlineEngines = <E extends Engine>(create: () => E | Promise<E>) => InlineEngines<E>;

type Held = { readonly file: object; readonly user: string | undefined; readonly engine: Engine };

/** A store of about `most` engines: idle ones make room for new ones, those first that were used longest ago. */
export function createEngineStore(most: number): CreateInlineEngines {
  /** Oldest first. */
  const idle: Held[] = [];
  let alive = 0;

  function drop({ engine }: Held): void {
    engine.dispose();
    alive--;
  }

  function giveBack(held: Held): void {
    if (held.engine.dead) drop(held);
    else idle.push(held);
    while (alive > most && idle.length > 0) drop(idle.shift() as Held);
  }

  return function createEngines<E extends Engine>(create: () => E | Promise<E>): InlineEngines<E> {
    const file = {};

    async function make(): Promise<E> {
      const oldest = alive < most ? undefined : idle.shift();
      if (oldest !== undefined) drop(oldest);
      alive++;
      try {
        return await create();
      } catch (error) {
        alive--;
        throw error;
      }
    }

    /** One of the same user, else one that nobody has seen. */
    function take(user: string): E | undefined {
      const own = idle.findLastIndex((held) => held.file === file && held.user === user);
      const at = own >= 0 ? own : idle.findIndex((held) => held.file === file && held.user === undefined);
      return at < 0 ? undefined : (idle.splice(at, 1)[0]?.engine as E | undefined);
    }

    function use<T>(user: string, engine: E, work: (engine: E) => T | Promise<T>): T | Promise<T> {
      const held: Held = { file, user, engine };
      let result: T | Promise<T>;
      try {
        result = work(engine);
      } catch (error) {
        giveBack(held);
        throw error;
      }
      if (result instanceof Promise) return result.finally(() => giveBack(held));
      giveBack(held);
      return result;
    }

    return {
      async first() {
        const engine = await make();
        giveBack({ file, user: undefined, engine });
        return engine;
      },
      run(user, work) {
        const engine = take(user);
        return engine === undefined ? make().then((made) => use(user, made, work)) : use(user, engine, work);
      },
      close() {
        const [own, others] = [idle.filter((held) => held.file === file), idle.filter((held) => held.file !== file)];
        idle.splice(0, idle.length, ...others);
        for (const held of own) drop(held);
      },
    };
  };
}
