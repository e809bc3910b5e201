// Resources that live in another component: here classes whose members ask for them by their handles.
import type { ResolvedWit, WitFunction } from '@pypes/wit/resolved';
import { compileFunction, type HandleTable, type HandleType, toCamelCase } from '@pypes/wit/values';
import { type Ask, type ImportFunction, importFunction } from './import-function.ts';

/** The imported resources of one instance. */
export type RemoteResources = HandleTable & {
  /** The class for one resource of an imported interface. */
  define(home: string, name: string, functions: readonly WitFunction[], ask: Ask): object;
  /** What was lent to the component for a call is worth nothing to it afterwards. */
  takeBack(): void;
  /** Whether every resource that was made has its handle. */
  isSettled(): boolean;
  /** Waits until every resource that is being made has its handle. */
  settled(): Promise<void>;
};

type Remote = { handle: string };
type RemoteClass = new (opened: typeof OPENED, handle: string) => Remote;

const OPENED = Symbol('opened');

/** `local` holds the resources of the component itself, which it may hand to others. */
export function createRemoteResources(resolved: ResolvedWit, local: HandleTable): RemoteResources {
  const classes = new Map<string, RemoteClass>();
  const making = new Set<Promise<void>>();
  let lent: Remote[] = [];
  const keyOf = ({ interface: home, resource }: HandleType) => `${home}#${resource}`;

  const table: RemoteResources = {
    toHandle(instance, type) {
      const known = classes.get(keyOf(type));
      // A component that stands between others has an interface of its own by the name of the one it imports.
      if (known === undefined || !(instance instanceof known)) return local.toHandle(instance, type);
      // The glue makes an object, without a handle, of any number that a component gives for one.
      if (typeof instance.handle === 'string' && instance.handle !== '') {
        return instance.handle;
      }
      throw new Error(`The component uses a ${type.resource} that it was not given`);
    },
    fromHandle(handle, type) {
      const known = classes.get(keyOf(type));
      const own = local.fromHandle(handle, type);
      if (own !== undefined || known === undefined) return own;
      const instance = new known(OPENED, handle);
      if (!type.own) lent.push(instance);
      return instance;
    },
    isSettled: () => making.size === 0,
    async settled() {
      while (making.size > 0) await Promise.all(making);
    },
    takeBack() {
      for (const instance of lent) instance.handle = '';
      lent = [];
    },
    define,
  };
  return table;

  function define(home: string, name: string, functions: readonly WitFunction[], ask: Ask): object {
    const find = (called: string) => functions.find((each) => each.name === called);
    const compile = (called: WitFunction) =>
      importFunction(compileFunction(resolved, called, { handles: table }), called, ask, table);
    const constructing = find(`[constructor]${name}`);
    const construct =
      constructing === undefined ? undefined : compileFunction(resolved, constructing, { handles: table });

    class Resource {
      handle = '';
      constructor(...given: unknown[]) {
        if (given[0] === OPENED) this.handle = given[1] as string;
        else if (construct === undefined) throw new Error(`The resource ${name} has no constructor`);
        // A constructor cannot wait: whoever uses the resource does.
        else follow(make(this, ask(`[constructor]${name}`, construct.argumentsToJson(given))));
      }
      [Symbol.dispose](): void {
        void table
          .settled()
          .then(() => ask(`[resource-drop]${name}`, { self: this.handle }))
          .catch(() => {});
      }
    }

    for (const called of functions) {
      const [, kind = '', member] = /^\[([a-z-]+)\][^.]+\.(.+)$/.exec(called.name) ?? [];
      if (member === undefined || !called.name.includes(`]${name}.`)) continue;
      const run = compile(called);
      const target = (kind.endsWith('static') ? Resource : Resource.prototype) as unknown as {
        [key: string]: ImportFunction;
      };
      target[toCamelCase(member)] = kind.endsWith('static')
        ? run
        : function (this: unknown, ...given: unknown[]) {
            return run(this, ...given);
          };
    }
    classes.set(`${home}#${name}`, Resource as unknown as RemoteClass);
    return Resource;
  }

  async function make(instance: Remote, asked: Promise<unknown>): Promise<void> {
    instance.handle = String(await asked);
  }

  function follow(promise: Promise<void>): void {
    making.add(promise);
    promise.then(
      () => making.delete(promise),
      // Stays: the next use of any resource tells it.
      () => {},
    );
  }
}
