// What a suite's cases are given to on this machine: an agent of the local host, or a blueprint beside the suite.
import { type Json, type JsonObject, PypesError } from '@pypes/contract';
import type { Host, Pack } from '@pypes/host';
import type { CallCase, Scorecard, ScorerServices, Suite } from '@pypes/host/evals';
import { openBlueprint } from '../blueprints/open.ts';
import { grantsOfFiles } from '../blueprints/words.ts';
import { VERSION } from '../version.ts';

/** What is called, and how it is named in the scorecard. */
export type EvalTarget = {
  readonly call: CallCase;
  readonly target: Scorecard['target'];
  /** How many may be called at once at most; absent: as many as anybody likes. */
  readonly atOnce?: number;
};

/** An agent that was named, for cases and for scorers alike. */
export type AgentName = { readonly agent: string; readonly pack?: string };

/** @throws PypesError `unknown_agent`, `not_found` before any case is run */
export async function toAgentTarget(host: Host, name: AgentName): Promise<EvalTarget> {
  const pack = await findPack(host, name);
  return {
    target: { ...name },
    call: ({ input }, signal) => host.call(pack, { agent: name.agent, args: input, from: 'eval', signal }),
  };
}

/** Agents that score, found when they are first asked. */
export function createAgentCaller(host: Host): NonNullable<ScorerServices['callAgent']> {
  const packs = new Map<string, Promise<Pack>>();
  return async (name, args, signal) => {
    const key = JSON.stringify([name.pack, name.agent]);
    const found = packs.get(key) ?? findPack(host, name);
    packs.set(key, found);
    return host.call(await found, { agent: name.agent, args, from: 'eval', signal });
  };
}

/** Folders first, as calls have it. */
async function findPack(host: Host, { agent, pack: wanted }: AgentName): Promise<Pack> {
  const all = await host.list();
  const packs = [
    ...all.filter(({ folder }) => folder !== undefined),
    ...all.filter(({ folder }) => folder === undefined),
  ].filter(({ guid, manifest }) => wanted === undefined || guid === wanted.toLowerCase() || manifest.name === wanted);
  if (packs.length === 0) {
    throw new PypesError('not_found', `No pack here is called "${wanted}"; pypes list --all shows what there is`);
  }
  const names: string[] = [];
  for (const pack of packs) {
    const { agents } = await pack.catalog.view();
    if (agents.has(agent)) return pack;
    names.push(...agents.keys());
  }
  throw new PypesError('unknown_agent', `No pack here has an agent "${agent}"; name its folder with --folder`, {
    details: { available: names.slice(0, 50) },
  });
}

/**
 * A blueprint that has been checked. Its runs have hosts of their own over one root, and so follow each other.
 *
 * @throws PypesError `policy_denied` where the check finds errors, or a grant that nobody said yes to
 */
export async function toBlueprintTarget(
  file: string,
  { root, yes, signal }: { readonly root: string; readonly yes: boolean; readonly signal: AbortSignal },
): Promise<EvalTarget> {
  const { refusing } = await import('@pypes/host/blueprints/run');
  const { startRun } = await import('@pypes/service/blueprints');
  const opened = await openBlueprint(file, root);
  const refused = refusing(opened.findings, []);
  if (refused.length > 0) {
    const codes = [...new Set(refused.map(({ code }) => code))].join(', ');
    throw new PypesError(
      'policy_denied',
      `Nothing was run: the check found ${refused.length} error(s), ${codes}; pypes check ${file}`,
    );
  }
  const granted = grantsOfFiles(opened.blueprint, opened.opened);
  if (granted.length > 0 && !yes) {
    throw new PypesError(
      'policy_denied',
      `The blueprint grants files beside it what nobody said yes to: ${granted.join('; ')}. Read them, and repeat it with --yes`,
    );
  }
  const run = async (input: JsonObject): Promise<Json> => {
    const { output } = await startRun({
      ...opened,
      root,
      version: VERSION,
      input,
      allowUnsafe: [],
      signal,
      onStep: () => undefined,
      onEvent: () => undefined,
      onApproval: ({ id, tool, reason }) =>
        console.error(`${tool} waits for a yes (${reason}): pypes approvals grant ${id}`),
      log: ({ level, event, ...rest }) => {
        if (level === 'error') console.error(`${event} ${JSON.stringify(rest)}`);
      },
    });
    return output;
  };
  return { target: { blueprint: opened.blueprint.name }, call: ({ input }) => run(input), atOnce: 1 };
}

/** What the suite says, unless the command line says more. @throws PypesError `invalid_request` where neither does */
export function namedAgent(suite: Suite, agent: string | undefined, pack: string | undefined): AgentName {
  const name = agent ?? suite.agent;
  if (name === undefined) {
    throw new PypesError(
      'invalid_request',
      `The suite "${suite.name}" names neither an agent nor a blueprint; use --agent NAME`,
    );
  }
  // The suite's pack is that of its own agent.
  const of = pack ?? (agent === undefined ? suite.pack : undefined);
  return of === undefined ? { agent: name } : { agent: name, pack: of };
}
