// Lua as a language: a state for each owner of calls of the file, so that no call finds what another user left.
import { HostError, LimitError } from '../../threads/guest/failure.ts';
import { type GuestLanguage, type GuestTools, type Invocation, JsonText } from '../../threads/guest/language.ts';
import type { AgentSource } from '../../threads/wire/messages.ts';
import { toFailure } from './failure.ts';
import { type OpenMachine, Stopped } from './outcome.ts';
import { type LuaHost, type LuaProgram, loadProgram } from './program.ts';

export function createLuaLanguage(openMachine: OpenMachine): GuestLanguage {
  return {
    toFailure,
    async load(source, tools) {
      const name = source.path.slice(source.path.lastIndexOf('/') + 1);
      const create = () => limited(source, () => loadProgram(source.code, name, source, openMachine));
      const programs = tools.createEngines(create);
      const first = await programs.first();
      const agentText = limitedNow(source, () => first.metadata());

      return {
        agentText,
        async run(invocation) {
          const { userGuid, packGuid, runId, agent, args, owner } = invocation;
          const about = JSON.stringify({ user_guid: userGuid, pack_guid: packGuid, run_id: runId, agent });
          const given = typeof args === 'string' ? args : JSON.stringify(args);
          const host = createHost(invocation, tools);
          const run = (program: LuaProgram) => limited(source, () => program.call(given, about, host));
          return new JsonText(await programs.run(owner, run));
        },
      };
    },
  };
}

function createHost({ call }: Invocation, { requests, stopRequested, onStop }: GuestTools): LuaHost {
  return {
    stopRequested: () => stopRequested(call),
    onStop: (listener) => onStop?.(call, listener),
    ask(operation, parameters) {
      // A program can yield what it likes: nothing but JSON goes further.
      const value: unknown = JSON.parse(parameters);
      return requests.askText(call, operation, Array.isArray(value) ? parameters : `[${parameters}]`);
    },
    log(level, message, data) {
      if (level === 'progress') call.progress(Number(data), message === '' ? undefined : message);
      else if (level === 'print') call.log.write('info', message);
      else call.log.write(level, message, data === '' ? undefined : JSON.parse(data));
    },
  };
}

async function limited<T>(limits: AgentSource, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toLimitError(error, limits);
  }
}

function limitedNow<T>(limits: AgentSource, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toLimitError(error, limits);
  }
}

function toLimitError(error: unknown, { cpuMs, guestBytes }: AgentSource): unknown {
  if (!(error instanceof Stopped)) return error;
  if (error.limit === 'cpu_ms') return new LimitError('cpu_ms', cpuMs, `The call computed longer than ${cpuMs} ms`);
  if (error.limit === 'host') return new HostError({ code: 'canceled', message: 'The call was stopped by the host' });
  return new LimitError('guest_bytes', guestBytes, `The program needs more than ${guestBytes} bytes of memory`);
}
