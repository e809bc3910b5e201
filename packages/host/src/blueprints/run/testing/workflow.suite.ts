// A workflow over a caller of the test: steps call functions of the test, time passes when the test says so.
import { type Json, type JsonObject, PypesError } from '@pypes/contract';
import { parseBlueprint } from '../../parse-blueprint.ts';
import { EVERYTHING } from '../carries.ts';
import type { StepEvent } from '../engine/events.ts';
import { runSteps, type WorkflowOptions } from '../engine/run-steps.ts';
import type { StepCall } from '../engine/step-parts.ts';
import { createReleases } from '../within/releases.ts';

const HEAD = '[blueprint]\nname = "test"\n[components]\na = { path = "a.lispy" }\n';

/** What a function of the test does. */
export type Does = (call: StepCall) => Json | Promise<Json>;

/** Runs the steps of a text; what stands before the first table belongs to `[[workflow.steps]]`. */
export function workflowOf(steps: string, does: { readonly [functionName: string]: Does } = {}) {
  const blueprint = parseBlueprint(HEAD + steps, 'agent.toml');
  const events: StepEvent[] = [];
  const calls: StepCall[] = [];
  const pauses: number[] = [];
  let time = 0;
  const run = (input: JsonObject = {}, more: Partial<WorkflowOptions> = {}) =>
    runSteps(blueprint, {
      input,
      async call(call) {
        calls.push(call);
        const doing = does[call.step.function ?? ''] ?? (({ args }: StepCall) => args);
        const labels = new Set([...call.labels, ...[...call.fields.values()].flatMap((own) => [...own])]);
        return { output: await doing(call), labels };
      },
      releases: createReleases(blueprint.releases),
      carries: EVERYTHING,
      onEvent: (event) => events.push(event),
      now: () => time++,
      async sleep(ms, signal) {
        signal.throwIfAborted();
        pauses.push(ms);
      },
      ...more,
    });
  return { run, events, calls, pauses, blueprint };
}

/** One step; keys are as in a blueprint. */
export function step(id: string, lines = '', functionName = 'echo'): string {
  return `[[workflow.steps]]\nid = "${id}"\ncomponent = "a"\nfunction = "${functionName}"\n${lines}\n`;
}

/** Fails with a code. */
export function failing(code: PypesError['code'], details?: { readonly [key: string]: Json }): Does {
  return () => Promise.reject(new PypesError(code, `It failed with ${code}`, details === undefined ? {} : { details }));
}

/** A place where a call waits until the test lets it go on. */
export function gate() {
  let open: () => void = () => undefined;
  let arrive: () => void = () => undefined;
  const opened = new Promise<void>((go) => {
    open = go;
  });
  const arrived = new Promise<void>((come) => {
    arrive = come;
  });
  return {
    open,
    arrived,
    pass() {
      arrive();
      return opened;
    },
  };
}

/** Counts calls under way. Each waits until `size` of them are, so that fewer at once would never end. */
export function crowd(size: number) {
  let waiting: (() => void)[] = [];
  const seen = { running: 0, most: 0 };
  return {
    seen,
    async enter() {
      seen.running += 1;
      seen.most = Math.max(seen.most, seen.running);
      const full = new Promise<void>((go) => waiting.push(go));
      if (waiting.length === size) {
        const all = waiting;
        waiting = [];
        // Room for those who should not be there.
        setTimeout(() => {
          for (const go of all) go();
        }, 5);
      }
      await full;
      seen.running -= 1;
    },
  };
}
