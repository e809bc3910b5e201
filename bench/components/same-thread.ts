// One component called in this thread in three ways: bare, guarded from JSON to JSON, guarded value by value.
import { DEFAULT_LIMITS, type JsonObject } from '@pypes/contract';
import type { WitFunction } from '@pypes/wit/resolved';
import { compileValue } from '@pypes/wit/values';
import type { ComponentAttachment } from '../../packages/runtimes/src/component/attachment.ts';
import { createInstance, type Glue } from '../../packages/runtimes/src/component/guest/instance.ts';
import type { GuestTools, Invocation } from '../../packages/runtimes/src/threads/guest/language.ts';
import { API } from './skill.ts';
import { importGlue, type TranspiledSkill } from './transpiled.ts';

/** A function of the component: values in, value out. */
export type Call = (...given: readonly unknown[]) => unknown;

/** A call from JSON to JSON. Its arguments are given away: they are another object for every call. */
export type GuardedCall = (args: JsonObject) => unknown;

/** What the glue gives, called with JavaScript values. */
export async function createRaw(text: string, attachment: ComponentAttachment): Promise<(agent: string) => Call> {
  return instantiate(await importGlue(text), attachment);
}

function instantiate(glue: Glue, { modules }: ComponentAttachment): (agent: string) => Call {
  const exports = glue.instantiate(
    (name) => modules[name] as WebAssembly.Module,
    {},
    (module, imports) => new WebAssembly.Instance(module, imports),
  ) as { readonly [API]: { readonly [name: string]: Call } };
  const api = exports[API];
  return (agent) => api[agent] as Call;
}

/** What a thread of the runtime does with a call: from JSON values to a JSON value. */
export async function createGuarded({ glue, attachment }: TranspiledSkill): Promise<(agent: string) => GuardedCall> {
  const instance = createInstance(await importGlue(glue), attachment, sourceOf(attachment));
  return (agent) => {
    // The component imports nothing that would look at them.
    const call = { id: 1, ended: false } as Invocation['call'];
    const invocation = { call, userGuid: null, packGuid: '', runId: '', agent, args: undefined, owner: '' };
    return (args) => instance.call(invocation, {} as GuestTools, args);
  };
}

/** What a thread is told about its file. */
export function sourceOf(attachment: ComponentAttachment) {
  const { outputBytes, cpuMs, guestBytes, logLines, logLineLength } = DEFAULT_LIMITS;
  const bounds = { outputBytes, cpuMs, guestBytes, logLines, logLineLength };
  return { url: '', code: '', path: '', wantsAgent: false, attachment, ...bounds };
}

/** What an edge between two components does: every value is checked on its way in and out, none becomes JSON. */
export async function createTyped({ glue, attachment }: TranspiledSkill): Promise<(agent: string) => Call> {
  const loaded = await importGlue(glue);
  const raw = instantiate(loaded, attachment);
  const { resolved, functions } = attachment;
  return (agent) => {
    const called = functions.find((each) => each.agent === agent)?.function as WitFunction;
    const target = raw(agent);
    const params = called.params.map(({ type }) => compileValue(resolved, type, { owned: true }));
    const result = compileValue(resolved, called.result ?? 'bool', { owned: true });
    return (...given) => {
      for (const [index, param] of params.entries()) {
        if (param.check(given[index]).length > 0) throw new TypeError('An argument is not of its type');
      }
      loaded.$lifting(DEFAULT_LIMITS.outputBytes, refuse);
      const value = target(...given);
      if (result.check(value).length > 0) throw new TypeError('The result is not of its type');
      return value;
    };
  };
}

function refuse(): never {
  throw new RangeError('The result is too large');
}
