// Which calls become tasks, and when: by what the agent says of itself, what the client can do, and how long it takes.
import { MissingRequiredClientCapabilityError, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { CallEvent } from '@pypes/host';
import type { ToolOffer } from '../catalog/offers.ts';
import type { McpCore } from '../core.ts';
import type { Task, TaskWork } from '../tasks/tasks.ts';
import type { Exchange, Round } from './exchange.ts';
import type { ToolAttempt } from './tool.ts';

/** `extension`: the client knows tasks, the server decides. `{ttlMs}`: the client asked for one (2025-11-25). */
export type TaskRequest = 'none' | 'none-2025' | 'extension' | { readonly ttlMs?: number };

/** The name of the extension. */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

type Work = {
  readonly tasks: TaskRequest;
  readonly round: Round;
  readonly attempt: (round: Round, within: Exchange) => Promise<ToolAttempt>;
};

/** How long an agent that has to be a task may take to ask what it asks before. */
const QUESTION_MS = 2_000;

/** Runs a call, as a task where it has to be or takes long. @throws ProtocolError for clients without tasks, at once */
export function runAsTask(
  core: McpCore,
  offer: ToolOffer,
  work: Work,
  exchange: Exchange,
): Promise<ToolAttempt | { readonly kind: 'task'; readonly task: Task }> {
  const { task: mode } = offer.options;
  const { tasks, round } = work;
  if (tasks === 'none' || tasks === 'none-2025' || mode === 'never') {
    if (mode === 'required') throw needsTasks(tasks, offer.name);
    return work.attempt(round, exchange);
  }
  const hasAnswers = Object.keys(round.answers).length > 0;
  const wanted = typeof tasks === 'object';
  const patience =
    wanted || mode === 'always' || (mode === 'required' && hasAnswers)
      ? 0
      : mode === 'required'
        ? QUESTION_MS
        : core.taskAfterMs;
  const how = { patience, onlyQuestions: mode === 'required', ...(wanted ? tasks : {}) };
  return startLater(core, work, exchange, how);
}

/**
 * Begins as a call, and goes on as a task when it is not over after `patience` milliseconds; with `onlyQuestions`, also
 * when it is.
 */
async function startLater(
  core: McpCore,
  work: Work,
  exchange: Exchange,
  how: { readonly patience: number; readonly onlyQuestions: boolean; readonly ttlMs?: number },
): Promise<ToolAttempt | { readonly kind: 'task'; readonly task: Task }> {
  const controller = new AbortController();
  const unlink = link(exchange.signal, controller);
  let say: ((message: string) => void) | undefined;
  const onEvent = (event: CallEvent) => {
    if (say === undefined) exchange.onEvent?.(event);
    else if (event.type === 'progress') say(event.message ?? `${Math.round(event.fraction * 100)} %`);
  };
  const within: Exchange = { ...exchange, signal: controller.signal, onEvent };
  const first = work.attempt(work.round, within);
  if (how.patience > 0) {
    const early = await Promise.race([first, after(how.patience)]);
    if (early !== undefined && !(how.onlyQuestions && early.kind === 'result')) {
      unlink();
      return early;
    }
  }
  const run: TaskWork = async (ask, tell) => {
    say = tell;
    let attempt = await first;
    while (attempt.kind === 'input') {
      const { requests, state } = attempt;
      const answers = await ask(requests);
      attempt = await work.attempt({ answers, state: { ...state, of: '' } }, within);
    }
    return attempt.result;
  };
  const task = core.tasks.start(exchange.owner, run, controller, how.ttlMs);
  // The request may end now; the call goes on.
  if (task !== undefined) {
    unlink();
    return { kind: 'task', task };
  }
  // No room for another task: it stays a call.
  return first.finally(unlink);
}

function needsTasks(tasks: TaskRequest, name: string): Error {
  if (tasks === 'none-2025') {
    return new ProtocolError(
      ProtocolErrorCode.MethodNotFound,
      `The tool "${name}" runs as a task only; call it with a task`,
    );
  }
  const requiredCapabilities = { extensions: { [TASKS_EXTENSION]: {} } };
  return new MissingRequiredClientCapabilityError(
    { requiredCapabilities } as never,
    `The tool "${name}" runs as a task only`,
  );
}

function link(given: Exchange['signal'], controller: AbortController): () => void {
  const signal = typeof given === 'function' ? given() : given;
  const abort = () => controller.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}

function after(ms: number): Promise<undefined> {
  return new Promise((done) => {
    setTimeout(() => done(undefined), ms);
  });
}
