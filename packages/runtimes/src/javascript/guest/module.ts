// Loads the agent's module from the bytes that the host read, whatever the disk says by now.
import { registerHooks } from 'node:module';
import { toOutput } from '../../threads/guest/output.ts';
import type { AgentSource } from '../../threads/wire/messages.ts';

/** What an agent exports as `run`. */
export type Run = (context: object, args: unknown) => unknown;

type Exports = { readonly AGENT?: unknown; readonly run?: unknown; readonly default?: Exports };

/** @throws Error that says what the file does not export */
export async function loadModule({ url, code, wantsAgent }: AgentSource): Promise<{ run: Run; agentText: string }> {
  registerHooks({
    resolve: (specifier, context, nextResolve) =>
      specifier === url ? { url, format: 'module', shortCircuit: true } : nextResolve(specifier, context),
    load: (wanted, context, nextLoad) =>
      wanted === url ? { format: 'module', source: code, shortCircuit: true } : nextLoad(wanted, context),
  });
  const exported = (await import(url)) as Exports;
  const run = exported.run ?? exported.default?.run;
  const agent = exported.AGENT ?? exported.default?.AGENT;
  if (typeof run !== 'function') throw new MissingExport(`run is ${run === undefined ? 'not exported' : typeof run}`);
  if (!wantsAgent) return { run: run as Run, agentText: '' };
  if (agent === undefined) throw new MissingExport('AGENT is not exported');
  return { run: run as Run, agentText: toOutput(agent) };
}

class MissingExport extends Error {
  override readonly name = 'Error';
  constructor(fact: string) {
    super(`${fact}; write "export const AGENT = {…}" and "export function run(context, args) {…}"`);
  }
}
