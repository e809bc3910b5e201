// The isolates of all components of one runtime: one for each file, shared by its calls; few at a time.
import type { CreateInlineEngines, InlineEngines } from '../../inline/engines.ts';
import type { Engine } from '../../threads/guest/engines.ts';

type Held = { engine: Promise<Engine>; isDead: boolean; calls: number };

/**
 * A store of about `most` engines, each shared by all calls of its file: whoever shares one keeps users apart inside of
 * it. Where there are more, those that no call is in end first, and of these the one that was used longest ago.
 */
export function createSharedStore(most: number): CreateInlineEngines {
  /** Used longest ago first. */
  const all: Held[] = [];

  function drop(held: Held): void {
    const at = all.indexOf(held);
    if (at >= 0) all.splice(at, 1);
    held.isDead = true;
    held.engine.then(
      (engine) => engine.dispose(),
      () => {},
    );
  }

  function makeRoom(): void {
    while (all.length > most) {
      const idle = all.find(({ calls }) => calls === 0);
      if (idle === undefined) return;
      drop(idle);
    }
  }

  return function createEngines<E extends Engine>(create: () => E | Promise<E>): InlineEngines<E> {
    let own: Held | undefined;

    function take(): Held {
      if (own === undefined || own.isDead) own = { engine: Promise.resolve().then(create), isDead: false, calls: 0 };
      const at = all.indexOf(own);
      if (at >= 0) all.splice(at, 1);
      all.push(own);
      return own;
    }

    async function use<T>(work: (engine: E) => T | Promise<T>): Promise<T> {
      const held = take();
      held.calls++;
      makeRoom();
      try {
        const engine = (await held.engine.catch((error: unknown) => {
          drop(held);
          throw error;
        })) as E;
        try {
          return await work(engine);
        } finally {
          if (engine.dead && !held.isDead) drop(held);
        }
      } finally {
        held.calls--;
        makeRoom();
      }
    }

    return {
      first: () => use((engine) => engine),
      run: (_user, work) => use(work),
      close() {
        if (own !== undefined) drop(own);
      },
    };
  };
}
