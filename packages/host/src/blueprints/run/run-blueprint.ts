// pypes run: a blueprint that was checked, executed through the host's one chain (spec 4).
import { type DecisionNote, isJsonObject, type Json, type JsonObject, PypesError, toPypesError } from '@pypes/contract';
import type { CallAround } from '../../calls/around.ts';
import type { CallEvent } from '../../calls/events.ts';
import type { Host } from '../../host.ts';
import type { Pack } from '../../packs/pack.ts';
import type { Blueprint } from '../blueprint.ts';
import type { BlueprintFacts } from '../facts.ts';
import { toParts } from '../graph/components.ts';
import { toGraph } from '../graph/to-graph.ts';
import { checkGraph, FINDING_CODES, type Finding } from '../guard-check.ts';
import { createCarries } from './carries.ts';
import type { StepEvent } from './engine/events.ts';
import { runSteps } from './engine/run-steps.ts';
import type { StepCall, StepReply } from './engine/step-parts.ts';
import { withEntry } from './entry.ts';
import { allLabels, joinLabels } from './guard-flow.ts';
import { checkSameFunctions } from './same-functions.ts';
import { composeRun } from './within/compose-run.ts';
import { createEdgePolicies, type PolicyParts } from './within/edge-policies.ts';
import { createReleases } from './within/releases.ts';

/** What is to run. */
export type BlueprintRun = {
  readonly blueprint: Blueprint;
  readonly facts: BlueprintFacts;
  /** By component. Held open by the caller: what was checked is what runs. */
  readonly packs: ReadonlyMap<string, Pack>;
  /** Stands for the blueprint where calls name a pack. */
  readonly guid: string;
  /** The id of the run. */
  readonly run: string;
  readonly input: JsonObject;
  /** Codes of errors that do not keep it from running. */
  readonly allowUnsafe?: readonly string[];
  readonly policies: PolicyParts;
  /** Who starts it: the name of the door. */
  readonly from: string;
  /** For whom, where a host serves several. */
  readonly tenant?: string;
  /** Whose memory it has. */
  readonly userGuid?: string;
  readonly signal?: AbortSignal;
  readonly parallel?: number;
  readonly onStep?: (event: StepEvent) => void;
  readonly onEvent?: (event: CallEvent) => void;
  /** What watches and records every call of it, for a durable run. */
  readonly around?: CallAround;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Waits until a person has decided on a request that a policy of the operator made; false where nobody did. */
  readonly decided?: (approval: string, signal: AbortSignal) => Promise<boolean>;
};

/** What came of it. */
export type BlueprintResult = {
  readonly output: Json;
  /** What the output was made from: `private:…`, `untrusted:…`, `from:…`. */
  readonly labels: readonly string[];
  readonly steps: {
    readonly [id: string]: { readonly status: string; readonly output: Json; readonly error: string | null };
  };
};

/** Everything that is wrong with a blueprint and its components. */
export function checkBlueprint(blueprint: Blueprint, facts: BlueprintFacts): readonly Finding[] {
  return checkGraph(toGraph(blueprint, facts));
}

/**
 * The errors that keep a blueprint from running.
 *
 * @throws PypesError `invalid_request` for a code that there is not
 */
export function refusing(findings: readonly Finding[], allowUnsafe: readonly string[] = []): readonly Finding[] {
  const unknown = allowUnsafe.find((code) => !Object.hasOwn(FINDING_CODES, code));
  if (unknown !== undefined) {
    throw new PypesError('invalid_request', `There is no finding "${unknown}"; pypes check shows the codes`);
  }
  return findings.filter(({ severity, code }) => severity === 'error' && !allowUnsafe.includes(code));
}

/**
 * Checks a blueprint and runs it.
 *
 * @throws PypesError `policy_denied` (details `{policy: 'check', findings}`) where the check found an error that is not
 * allowed, `invalid_input` where the input is not what the blueprint takes, `canceled`, and what a step failed with
 */
export async function runBlueprint(
  host: Pick<Host, 'call' | 'admit' | 'limits'>,
  run: BlueprintRun,
): Promise<BlueprintResult> {
  const { blueprint: written, facts, allowUnsafe = [], input, policies: services } = run;
  const graph = toGraph(written, facts);
  const findings = checkGraph(graph);
  const errors = refusing(findings, allowUnsafe);
  if (errors.length > 0) throw refusal(errors);
  const parts = toParts(written, facts, []);
  const blueprint = withEntry(written, parts);
  checkInput(blueprint, input, services);
  const policies = await createEdgePolicies(blueprint, services);
  const releases = createReleases(blueprint.releases);
  const carries = createCarries(graph);
  await host.admit({
    name: `blueprint.${blueprint.name}`,
    from: run.from,
    packGuid: run.guid,
    args: input,
    run: run.run,
    ...(run.tenant === undefined ? {} : { tenant: run.tenant }),
    ...(run.userGuid === undefined ? {} : { userGuid: run.userGuid }),
    notes: notesOf(findings, allowUnsafe),
  });
  await checkSameFunctions(parts, run.packs);
  const composed = composeRun({ blueprint, parts, packs: run.packs, run: run.run, policies, releases, carries });
  const { output, labels, steps } = await runSteps(blueprint, {
    input,
    call: (call) => callStep(call),
    releases,
    carries,
    onEvent: run.onStep ?? (() => undefined),
    now: run.now,
    sleep: run.sleep,
    ...(run.parallel === undefined ? {} : { parallel: run.parallel }),
    ...(run.signal === undefined ? {} : { signal: run.signal }),
  });
  return {
    output,
    labels: [...labels].sort(),
    steps: Object.fromEntries(
      [...steps].map(([id, { status, output: given, error }]) => [id, { status, output: given, error }]),
    ),
  };

  /** A call that waits for a person is the same call once they have decided: nothing of it has run. */
  async function callStep(call: StepCall): Promise<StepReply> {
    for (;;) {
      const reply = await callOnce(call);
      const request = 'error' in reply ? requestOf(reply.error) : undefined;
      if (request === undefined || run.decided === undefined) return reply;
      if (!(await run.decided(request, call.signal))) return reply;
    }
  }

  async function callOnce(call: StepCall): Promise<StepReply> {
    const { pack, agent, within, read, fields } = composed.step(call);
    try {
      const given = await host.call(pack, {
        agent,
        args: call.args,
        from: 'workflow',
        scope: run.run,
        within,
        signal: call.signal,
        ...(run.tenant === undefined ? {} : { tenant: run.tenant }),
        ...(run.userGuid === undefined ? {} : { userGuid: run.userGuid }),
        ...(run.onEvent === undefined ? {} : { onEvent: run.onEvent }),
        ...(run.around === undefined ? {} : { around: run.around }),
      });
      return { output: given, labels: read(), fields };
    } catch (error) {
      return { error: toPypesError(error), labels: joinLabels(read(), allLabels(fields)) };
    }
  }
}

function requestOf({ code, details }: PypesError): string | undefined {
  const approval = code === 'approval_required' ? details?.approval : undefined;
  return isJsonObject(approval) && typeof approval.id === 'string' ? approval.id : undefined;
}

function checkInput({ input: { schema } }: Blueprint, input: JsonObject, { schemas }: PolicyParts): void {
  const errors = schema === undefined ? [] : schemas.compile(schema)(input);
  const [first] = errors;
  if (first === undefined) return;
  throw new PypesError(
    'invalid_input',
    `The input is not what [input] takes: ${`${first.path} ${first.message}`.trim()}`,
    {
      details: { errors },
    },
  );
}

/** For the record: what was found, and let through because somebody said so. */
function notesOf(findings: readonly Finding[], allowUnsafe: readonly string[]): readonly DecisionNote[] {
  return findings
    .filter(({ severity, code }) => severity === 'error' && allowUnsafe.includes(code))
    .map(({ code, message }) => ({ policy: 'check', decision: 'allow', reason: `--allow-unsafe ${code}: ${message}` }));
}

function refusal(errors: readonly Finding[]): PypesError {
  const codes = [...new Set(errors.map(({ code }) => code))];
  return new PypesError(
    'policy_denied',
    `The check found ${errors.length} error(s), and nothing was run: ${codes.join(', ')}; pypes check shows each with its path and how to mend it`,
    { details: { policy: 'check', findings: errors.map(({ code, message }) => ({ code, message })) } },
  );
}
