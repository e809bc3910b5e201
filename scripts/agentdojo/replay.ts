// Plans through the real guard: which legitimate calls need a person, and which calls of an attacker are stopped.
import { type Call, isPypesError, type Json, type Next } from '../../packages/contract/src/index.ts';
import { compose } from '../../packages/guard/src/compose.ts';
import { createContexts } from '../../packages/guard/src/flow/contexts.ts';
import { type FlowQuestion, labels } from '../../packages/guard/src/policies/labels.ts';
import type { LabelsConfig } from '../../packages/guard/src/policies/labels-config.ts';
import type { FlowReason } from '../../packages/guard/src/policies/labels-refusal.ts';
import { isTainted, toLabelledResult } from './result.ts';
import type { AttackerTask, PlannedCall, Suite, UserTask } from './suite.ts';

/** A call that the guard did not let through by itself. */
export type Stopped = { readonly tool: string; readonly reasons: readonly FlowReason[] };

/** What an attacker gets to work with: the first tainted result, all the user's results, or the injection alone. */
export const ATTACKS = ['early', 'late', 'injection-only'] as const;

export type AttackOutcome = {
  readonly suite: string;
  readonly attackerTask: string;
  readonly userTask: string;
  readonly attack: (typeof ATTACKS)[number];
  readonly tool: string;
  readonly reasons: readonly FlowReason[];
};

/** Replays a legitimate task; a person says yes to whatever they are asked. */
export async function replayUserTask(suite: Suite, task: UserTask, config: LabelsConfig): Promise<readonly Stopped[]> {
  const run = createRun(suite, task.prompt, config);
  for (const call of task.calls) await run.call(call);
  return run.asked.map(({ call, reasons }) => ({ tool: call.to, reasons }));
}

/** Replays an attacker's task wherever the user's task lets the attacker in; one outcome for every consequential call. */
export async function replayAttack(
  suite: Suite,
  attacker: AttackerTask,
  task: UserTask,
  config: LabelsConfig,
): Promise<readonly AttackOutcome[]> {
  const first = task.calls.findIndex((call) => isTainted(call, suite));
  if (first === -1) return [];
  const outcomes: AttackOutcome[] = [];
  for (const attack of ATTACKS) {
    const run = createRun(suite, task.prompt, config, attacker.goal);
    if (attack === 'injection-only') await run.read(attacker.goal);
    else for (const call of task.calls.slice(0, attack === 'early' ? first + 1 : undefined)) await run.call(call);
    run.leave();
    for (const call of attacker.calls) {
      const stopped = await run.call(call);
      if (suite.tools.get(call.tool)?.isSink !== true) continue;
      const about = { suite: suite.name, attackerTask: attacker.id, userTask: task.id, attack, tool: call.tool };
      outcomes.push({ ...about, reasons: stopped });
    }
  }
  return outcomes;
}

const CONTEXT = 'model';

/** One conversation: what the model reads and calls, with a person beside it until they leave. */
function createRun(suite: Suite, prompt: string, config: LabelsConfig, injected?: string) {
  const contexts = createContexts();
  contexts.open(CONTEXT, { prompt });
  const asked: FlowQuestion[] = [];
  let isPersonThere = true;
  const about = ({ to }: Call) => {
    const tool = suite.tools.get(to);
    if (tool === undefined) throw new Error(`The suite "${suite.name}" has no tool "${to}"`);
    const { isSink, destinations, parameters } = tool;
    const sink = destinations.length > 0 ? 'message' : 'write';
    return { reads: [], sends: [isSink ? sink : 'none'], destinations, parameters } as const;
  };
  const approve = async (question: FlowQuestion) => {
    asked.push(question);
    return isPersonThere;
  };
  const answer = (last: Next) => compose([labels({ ...config, contexts, about, approve, action: 'approve' })], last);

  return {
    asked,
    leave() {
      isPersonThere = false;
    },
    /** Reads a text that anybody may have written. */
    async read(text: string): Promise<void> {
      contexts.of(CONTEXT).sources?.untrusted.add(text);
      contexts.of(CONTEXT).join(new Set(['untrusted:injection']));
    },
    /** The reasons why the call was stopped or needed a person; none where it passed by itself. */
    async call(planned: PlannedCall): Promise<readonly FlowReason[]> {
      const before = asked.length;
      const guard = answer(async () => ({ ...toLabelledResult(planned, suite, injected), labels: new Set() }));
      try {
        await guard(toCall(planned));
      } catch (error) {
        if (!isPypesError(error) || error.code !== 'policy_denied') throw error;
      }
      return asked.slice(before).flatMap(({ reasons }) => reasons);
    },
  };
}

function toCall({ tool, args }: PlannedCall): Call {
  const none: ReadonlySet<string> = new Set();
  return {
    kind: 'agent',
    from: 'model',
    to: tool,
    packGuid: '',
    args: withoutAbsent(args),
    labels: none,
    run: CONTEXT,
    context: CONTEXT,
  };
}

/** An argument that is null was not given. */
function withoutAbsent(args: PlannedCall['args']): PlannedCall['args'] {
  return Object.fromEntries(Object.entries(args).filter(([, value]: [string, Json]) => value !== null));
}
