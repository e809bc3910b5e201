// One instance of a component: its exports with every value checked on its way in and out.
import { compileFunction, type FunctionCodec, type HandleTable, toCamelCase } from '@pypes/wit/values';
import type { Engine } from '../../threads/guest/engines.ts';
import { LimitError, OutputError } from '../../threads/guest/failure.ts';
import type { GuestTools, Invocation } from '../../threads/guest/language.ts';
import type { AgentSource } from '../../threads/wire/messages.ts';
import type { ComponentAttachment } from '../attachment.ts';
import { InputError, SkillError } from './failure.ts';
import { createHandles } from './handles.ts';
import type { CurrentCall } from './import-function.ts';
import { createImports } from './imports.ts';
import type { Meter } from './meter.ts';
import { toPascalCase } from './names.ts';
import { createRemoteResources } from './remote-resource.ts';

/** What the glue exports. */
export type Glue = {
  readonly instantiate: (
    getModule: (name: string) => WebAssembly.Module,
    imports: object,
    instantiateCore: (module: WebAssembly.Module, imports: WebAssembly.Imports) => WebAssembly.Instance,
  ) => object;
  readonly $lifting: (bytes: number, refuse: () => never) => void;
  /** Where the work of the glue is counted (inline/glue.ts). */
  readonly $spending?: (spend: (cost: number) => void) => void;
};

export type Instance = {
  call(invocation: Invocation, tools: GuestTools, args: unknown): unknown;
};

type Exported = { readonly codec: FunctionCodec; readonly target: (args: unknown[]) => unknown };

/** Core instances of one component. */
const MOST_CORE_INSTANCES = 256;

export function createInstance(
  { instantiate, $lifting, $spending }: Glue,
  skill: ComponentAttachment,
  source: AgentSource,
  meter?: Meter,
): Engine & Instance {
  const lifted = () => {
    $lifting(source.outputBytes, refuseLarge);
    if (meter !== undefined) $spending?.(meter.spend);
  };
  const current: CurrentCall = { call: undefined, lifted, spend: meter?.spend };
  const handles = createHandles();
  const remote = createRemoteResources(skill.resolved, handles);
  const imports = createImports(skill, source, current, remote);
  // At once, as all that it is given is there: a promise would take an export called "then" for its own.
  const exports = instantiate(
    (name) => skill.modules[name] as WebAssembly.Module,
    imports,
    createInstantiate(skill, source, meter),
  );
  if (exports instanceof Promise) throw new Error('The glue of the component did not instantiate it at once');
  const exported = createExports(skill, exports as Members, remote);
  let isDead = false;

  function fail(error: unknown): never {
    // What was thrown through the component may have left it in any state.
    if (!(error instanceof SkillError)) isDead = true;
    throw meter?.crossed() ?? error;
  }

  return {
    get dead() {
      return isDead;
    },
    dispose() {},
    call(invocation, tools, args) {
      const { codec, target } = exported(invocation.agent);
      handles.leave();
      const given = readArguments(codec, args);
      handles.take();
      current.call = { invocation, tools };
      meter?.begin();
      lifted();
      try {
        const value = target(given);
        if (!skill.waits || !(value instanceof Promise)) return finish(codec, value);
        return value
          .then((late) => (remote.isSettled() ? finish(codec, late) : remote.settled().then(() => finish(codec, late))))
          .catch((error: unknown) => fail(toSkillError(codec, error)))
          .finally(remote.takeBack);
      } catch (error) {
        return fail(toSkillError(codec, error));
      } finally {
        if (!skill.waits) {
          current.call = undefined;
          remote.takeBack();
        }
      }
    },
  };
}

function refuseLarge(): never {
  throw new OutputError('output_too_large', 'The component gives a value that is larger than a result may be');
}

function readArguments(codec: FunctionCodec, args: unknown): unknown[] {
  try {
    return codec.argumentsFromJson(args);
  } catch (error) {
    throw new InputError(error instanceof Error ? error.message : String(error));
  }
}

/** What a function gave, as JSON; `undefined` becomes null. */
function finish({ ok, err, outcome }: FunctionCodec, value: unknown): unknown {
  if (outcome !== 'tagged') return ok?.toJson(value) ?? null;
  const { tag, val } = value as { readonly tag: unknown; readonly val: unknown };
  if (tag === 'ok') return ok?.toJson(val) ?? null;
  throw new SkillError(JSON.stringify(err?.toJson(val) ?? null));
}

/** Errors that a function says it gives are thrown by the glue with their payload. */
function toSkillError({ err, outcome }: FunctionCodec, error: unknown): unknown {
  if (outcome !== 'thrown' || !(error instanceof Error) || !('payload' in error)) return error;
  return new SkillError(JSON.stringify(err?.toJson(error.payload) ?? null));
}

/** A module that is instantiated many times would have many memories. */
function createInstantiate(
  { modules, once }: ComponentAttachment,
  { guestBytes }: AgentSource,
  meter: Meter | undefined,
) {
  const left = new Set(once.map((name) => modules[name]));
  const bounded = new Set(left);
  let total = 0;
  return (module: WebAssembly.Module, imports: WebAssembly.Imports) => {
    total++;
    if (total > MOST_CORE_INSTANCES || (bounded.has(module) && !left.delete(module))) {
      const what = 'The component makes more core instances than its memory is bounded for';
      throw new LimitError('guest_bytes', guestBytes, what);
    }
    return meter?.instantiate(module, imports) ?? new WebAssembly.Instance(module, imports);
  };
}

/** Exported functions by the names of their agents, each with its checks, which are compiled when it is first wanted. */
function createExports(
  { functions, resolved }: ComponentAttachment,
  exports: { readonly [name: string]: unknown },
  handles: HandleTable,
): (agent: string) => Exported {
  const compiled = new Map<string, Exported>();
  return (agent) => {
    const known = compiled.get(agent);
    if (known !== undefined) return known;
    const found = functions.find((each) => each.agent === agent) as ComponentAttachment['functions'][number];
    const { interface: home, function: called } = found;
    const codec = compileFunction(resolved, called, { handles, owned: true });
    const scope = home === null ? exports : (exports[home] as { readonly [name: string]: unknown });
    const made = { codec, target: bind(scope, called.name) };
    compiled.set(agent, made);
    return made;
  };
}

type Members = { readonly [name: string]: unknown };
type Callable = (...args: unknown[]) => unknown;
type Class = (new (...args: unknown[]) => object) & Members;

/** The function of the glue that a name in the binary means. */
function bind(scope: Members, name: string): (args: unknown[]) => unknown {
  const [, kind, resource = '', member = ''] = /^\[([a-z-]+)\]([^.]+)(?:\.(.+))?$/.exec(name) ?? [];
  if (kind === undefined) {
    const target = scope[toCamelCase(name)] as Callable;
    return (args) => target(...args);
  }
  const type = scope[toPascalCase(resource)] as Class;
  const key = toCamelCase(member);
  if (kind === 'constructor') return (args) => new type(...args);
  if (kind.endsWith('static')) return (args) => (type[key] as Callable)(...args);
  if (kind === 'resource-drop') {
    return ([self]) => {
      (self as { [Symbol.dispose]?: () => void })[Symbol.dispose]?.();
    };
  }
  return ([self, ...args]) => ((self as Members)[key] as Callable).apply(self, args);
}
