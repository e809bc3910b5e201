// The interfaces of `pypes:host` (wit/host.wit): `context` as components see it.
import { HostError } from '../../threads/guest/failure.ts';
import type { GuestTools, Invocation } from '../../threads/guest/language.ts';
import { type Ask, type CurrentCall, inCall } from './import-function.ts';

type Parameters = { readonly [name: string]: unknown };
type Operation = (call: Invocation, parameters: Parameters, tools: GuestTools) => unknown;

const OPERATIONS: { readonly [path: string]: Operation } = {
  'logging#log': ({ call }, { level, message, data }) => {
    call.log.write(String(level), String(message), data == null ? undefined : parse(data));
    return null;
  },
  'logging#progress': ({ call }, { fraction, message }) => {
    call.progress(Number(fraction), message == null ? undefined : String(message));
    return null;
  },
  'memory#get': async ({ call }, { key }, { requests }) => {
    const value = await requests.ask(call, 'memory.get', [key]);
    return value === null ? null : JSON.stringify(value);
  },
  'memory#set': ({ call }, { key, value }, { requests }) => requests.ask(call, 'memory.set', [key, parse(value)]),
  'memory#delete': ({ call }, { key }, { requests }) => requests.ask(call, 'memory.delete', [key]),
  'memory#keys': ({ call }, { prefix }, { requests }) => requests.ask(call, 'memory.list', [prefix ?? '']),
  'context#about': ({ agent, packGuid, runId, userGuid }) => ({
    agent,
    pack: packGuid,
    run: runId,
    user: userGuid,
  }),
  'context#ask': async ({ call }, { operation, parameters }, { requests }) => {
    const given = parse(parameters);
    const list = operation === 'call' ? given : [given];
    return refusable(async () => JSON.stringify(await requests.ask(call, String(operation), list as unknown[])));
  },
};

/** A refusal of the host is an answer here: the component decides what to do about it. */
async function refusable(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HostError) || error.code === 'canceled') throw error;
    const payload = { code: error.code, message: error.message };
    throw new HostError({ code: error.code, message: error.message, details: { payload } });
  }
}

function parse(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    const payload = { code: 'invalid_input', message: `This is no JSON: ${String(text).slice(0, 80)}` };
    throw new HostError({ code: 'invalid_input', message: payload.message, details: { payload } });
  }
}

/** One interface of `pypes:host`, by its whole name. */
export function askHost(current: CurrentCall, name: string): Ask {
  const [, member = ''] = /^pypes:host\/([a-z]+)@1\./.exec(name) ?? [];
  return async (called, parameters) => {
    const { invocation, tools } = inCall(current);
    const path = `${member}#${called}`;
    const operation = Object.hasOwn(OPERATIONS, path) ? OPERATIONS[path] : undefined;
    if (operation === undefined)
      throw new HostError({ code: 'unsupported', message: `The host has no ${name}#${called}` });
    return (await operation(invocation, parameters, tools)) ?? null;
  };
}
