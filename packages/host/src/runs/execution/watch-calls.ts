// Watches every host call of a run: says what happens as events, and has it recorded.
import {
  type Approval,
  type Call,
  type DecisionTrail,
  type Next,
  PypesError,
  type Reply,
  toPypesError,
} from '@pypes/contract';
import type { RunTrace } from '@pypes/contract/runs';
import type { StepEvent } from '../../blueprints/run/engine/events.ts';
import type { CallAround } from '../../calls/around.ts';
import type { CallEvent } from '../../calls/events.ts';
import { createCallEvents } from './call-events.ts';
import { actorOf, chainOf, hidden, keyOf, MODEL_CALL, measure, startFacts, type WatchedCall } from './call-facts.ts';
import type { EventLog } from './event-log.ts';
import type { LineWriter } from './line-writer.ts';
import type { Recorder } from './recorder.ts';
import { createStepNames } from './step-names.ts';

/** What watching needs. */
export type WatchOptions = {
  readonly events: EventLog;
  readonly recorder: Recorder;
  readonly eventWriter: LineWriter;
  readonly trace: RunTrace;
  /** The run is one agent's: the outermost call is the run itself. */
  readonly isAgent: boolean;
  /** Durations differ from one time to the next. */
  readonly isDeterministic: boolean;
  /** The number of the last call of earlier attempts. */
  readonly lastCall: number;
  readonly newSpan: () => string;
  readonly now: () => number;
};

/** What a run hangs into the host. */
export type CallWatch = {
  readonly around: CallAround;
  readonly onEvent: (event: CallEvent) => void;
  readonly onStep: (event: StepEvent) => void;
  /** A person is waited for. */
  readonly onApproval: (request: Approval) => void;
};

export function watchCalls(options: WatchOptions): CallWatch {
  const { events, recorder, eventWriter, isAgent, newSpan, now } = options;
  const said = createCallEvents(options);
  const watched = new WeakMap<DecisionTrail, WatchedCall>();
  /** Agents that run, by the id of their call: they are what further calls are made in. */
  const running = new Map<string, WatchedCall>();
  const steps = createStepNames();
  let numbers = options.lastCall;
  /** How far the agent came that the run is. */
  let state: WatchedCall['state'] = 'asked';

  const isRun = ({ kind, context }: Call) => isAgent && kind === 'agent' && context === undefined;

  function begin(call: Call): WatchedCall {
    const chain = chainOf(call);
    const parent = call.context === undefined ? undefined : running.get(call.context);
    const args = chain?.json(call.args) ?? call.args;
    const size = measure(args);
    const step = call.context === undefined ? steps.take(size.digest) : undefined;
    const facts = {
      ...startFacts(call, size, args, chain),
      ...(step === undefined ? {} : { step }),
      ...(parent === undefined ? {} : { parent: parent.n }),
    };
    const key = keyOf(call, size.digest, parent);
    const known = recorder.recall(key);
    const made = {
      key,
      chain,
      args,
      size,
      began: now(),
      state: 'asked' as const,
      ...(parent === undefined ? {} : { parent }),
      ...(step === undefined ? {} : { step }),
      ...(known === undefined ? {} : { known }),
    };
    // An answer may have been stored when the event that announced its call was not.
    const next = { ...made, n: known?.answer.n ?? numbers + 1, span: newSpan() };
    const before = events.say({
      type: call.to === MODEL_CALL ? 'model.call.started' : 'tool.call.started',
      actor: actorOf(call),
      trace: said.traceOf(next),
      attrs: { call: next.n, ...facts },
    });
    if (before !== undefined) return { ...next, n: before.call ?? next.n, span: before.span };
    numbers = Math.max(numbers, next.n);
    return next;
  }

  async function watchRun(call: Call, next: Next): Promise<Reply> {
    try {
      return await next(call);
    } catch (thrown) {
      const error = toPypesError(thrown);
      if (state !== 'failed') said.sayPolicy(call, error, hidden(error.message, chainOf(call)));
      throw thrown;
    }
  }

  return {
    around: {
      async outer(call, next) {
        if (isRun(call)) return watchRun(call, next);
        const waiting = eventWriter.room();
        if (waiting !== undefined) await waiting;
        const of = begin(call);
        if (call.trail !== undefined) watched.set(call.trail, of);
        try {
          // What was performed before has had its yes.
          const reply = await next(of.known?.isAnswer === true ? { ...call, recorded: true } : call);
          said.end(call, of, { reply });
          return reply;
        } catch (error) {
          said.end(call, of, { error: toPypesError(error) });
          throw error;
        } finally {
          if (call.kind === 'agent') running.delete(call.run);
          if (of.state === 'asked' && of.known !== undefined) recorder.giveBack(of.known);
        }
      },
      async inner(call, next) {
        if (isRun(call)) {
          state = 'entered';
          said.sayApprovals(call, undefined);
          try {
            const reply = await next(call);
            state = 'answered';
            return reply;
          } catch (error) {
            state = 'failed';
            throw error;
          }
        }
        const of = call.trail === undefined ? undefined : watched.get(call.trail);
        if (of === undefined) throw new PypesError('internal', `The call of "${call.to}" lost its trail`);
        of.state = 'entered';
        said.sayApprovals(call, of);
        if (call.kind === 'agent') running.set(call.run, of);
        try {
          const reply = await recorder.answer(call, of, next);
          of.state = 'answered';
          return reply;
        } catch (error) {
          of.state = 'failed';
          throw error;
        }
      },
    },
    onEvent(event) {
      const at = said.traceOf(running.get(event.run_id));
      if (event.type === 'log') {
        const { agent, level, message, data } = event;
        const attrs = { agent, message, ...(data === undefined ? {} : { data }) };
        events.say({ type: 'log', severity: level, actor: 'tool', trace: at, attrs });
        return;
      }
      const { agent, fraction, message } = event;
      events.say({
        type: 'progress',
        actor: 'tool',
        trace: at,
        attrs: { agent, fraction, ...(message === undefined ? {} : { message }) },
        subject: `progress ${event.run_id}`,
      });
    },
    onApproval: said.sayRequest,
    onStep(event) {
      steps.see(event);
      if (event.type !== 'step.settled' || event.status !== 'skipped') return;
      const { step, item } = event;
      const attrs = { message: `The step "${step}" was skipped`, step, ...(item === undefined ? {} : { item }) };
      events.say({ type: 'log', severity: 'debug', actor: 'engine', attrs });
    },
  };
}
