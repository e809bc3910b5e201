// Components as a language of the host's own isolate: each call goes to the isolate of its component, and what the
// component asks of its surroundings comes back to the call here.
import { HostError } from '../../threads/guest/failure.ts';
import {
  type GuestLanguage,
  type GuestTools,
  type Invocation,
  JsonText,
  type LoadedGuest,
  readArguments,
} from '../../threads/guest/language.ts';
import type { AgentSource, FailureText } from '../../threads/wire/messages.ts';
import { inTurn } from '../guest/in-turn.ts';
import type { ComponentIsolate, ComponentIsolates, IsolateProgram, TellHost } from './isolate.ts';

/** How a call failed inside. */
class IsolateFailure extends Error {
  readonly failure: FailureText;
  constructor(failure: FailureText) {
    super(failure.message);
    this.failure = failure;
  }
}

class OpenError extends Error {}

export function createIsolateLanguage(isolates: ComponentIsolates): GuestLanguage {
  return {
    async load(source, tools): Promise<LoadedGuest> {
      const program = toProgram(source);
      const engines = tools.createEngines(() => open(isolates, program));
      const run = (invocation: Invocation) =>
        engines.run(invocation.owner, (isolate) => callIn(isolate, invocation, tools));
      const { kind, waits } = program.facts.skill;
      return { agentText: '', run: kind === 'component' && waits ? inTurn(run) : run };
    },
    toFailure(thrown) {
      if (thrown instanceof IsolateFailure) return thrown.failure;
      if (thrown instanceof OpenError) return { code: 'agent_broken', message: thrown.message };
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      return { code: 'handler_failed', message: `The isolate of the component ended: ${message}` };
    },
  };
}

async function open(isolates: ComponentIsolates, program: IsolateProgram): Promise<ComponentIsolate> {
  try {
    return await isolates.open(program);
  } catch (error) {
    throw new OpenError(`The component is no valid WebAssembly: ${(error as Error).message}`, { cause: error });
  }
}

/** What is bound to one isolate: the attachment goes with the source, as it was made ready for it. */
function toProgram({ attachment, ...source }: AgentSource): IsolateProgram {
  const program = attachment as IsolateProgram;
  return { ...program, facts: { ...program.facts, source } };
}

async function callIn(isolate: ComponentIsolate, invocation: Invocation, tools: GuestTools): Promise<JsonText> {
  const { agent, owner, userGuid, packGuid, runId } = invocation;
  const args = JSON.stringify(readArguments(invocation.args));
  const stopped = Promise.withResolvers<void>();
  tools.onStop?.(invocation.call, stopped.resolve);
  try {
    const tell = answerGuest(invocation, tools, stopped.promise);
    const answer = await isolate.call({ agent, owner, userGuid, packGuid, runId, args }, tell);
    if ('failure' in answer) throw new IsolateFailure(answer.failure);
    return new JsonText(answer.text);
  } finally {
    stopped.resolve();
  }
}

function answerGuest({ call }: Invocation, { requests }: GuestTools, stopped: Promise<void>): TellHost {
  const canceled = stopped.then(() => {
    throw new HostError({ code: 'canceled', message: 'The call was stopped by the host' });
  });
  canceled.catch(() => {});

  return async (kind, text) => {
    if (kind === 'stop') {
      await stopped;
      return '';
    }
    const record = JSON.parse(text) as readonly [unknown, unknown, unknown?];
    if (kind === 'log') {
      const [level, message, data] = record;
      call.log.write(String(level), String(message), data);
      return '';
    }
    if (kind === 'progress') {
      const [fraction, message] = record;
      call.progress(Number(fraction), message == null ? undefined : String(message));
      return '';
    }
    const [operation, parameters] = record;
    try {
      const asked = requests.askText(call, String(operation), JSON.stringify(parameters));
      return `{"ok":${await Promise.race([asked, canceled])}}`;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      const { code, message, details } = error;
      return JSON.stringify({ refused: { code, message, details } });
    }
  };
}
