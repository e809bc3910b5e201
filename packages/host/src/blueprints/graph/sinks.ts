// What functions do to the world, and what a labels policy refuses there.
import type { FlowNode, Sends } from '../guard-check.ts';
import { FETCH, matchesParty, PAGE, type Party } from './coverage.ts';
import { addEdge, type Context, type Draft, emittersOf } from './draft.ts';

const WAYS_OUT: readonly Sends[] = ['network', 'message'];

/** One sink for each context that does something. */
export function addSinks(draft: Draft): void {
  addModelClearances(draft);
  for (const context of draft.contexts.values()) {
    const { sends } = context.labels;
    if (sends.length === 0) continue;
    const { part } = context;
    const node: FlowNode = {
      id: `${context.id}!`,
      kind: 'sink',
      title: `${sends.join(' and ')} of ${part.name}.${context.function}`,
      where: context.where,
      component: part.name,
      function: context.function,
      sends,
    };
    draft.nodes.set(node.id, node);
    const from = { component: part.name, function: context.function };
    // What has nothing but its capabilities gets out by these, where the guard looks at it once more.
    const seen = part.isSandboxed && (part.permissions.network?.length ?? 0) > 0;
    const ways = part.permissions.session?.includes('browser') === true ? [FETCH, ...PAGE] : [FETCH];
    const covered = (use: string) => seen && ways.every((way) => draft.coverage.covers(use, from, way, [], 'args'));
    const guarded = { approved: covered('approve'), scanned: covered('dlp') };
    for (const emitter of emittersOf(context)) {
      addEdge(draft, { from: emitter, to: node.id, kind: 'exit', where: context.where, ...guarded });
    }
    addClearances(draft, context, node);
  }
}

/** At run time, a labels policy refuses private data at a way out unless a release is declared. */
function addClearances(draft: Draft, context: Context, node: FlowNode): void {
  if (!context.labels.sends.some((item) => WAYS_OUT.includes(item))) return;
  const callee = { component: context.part.name, function: context.function };
  refusePrivate(draft, node.id, callee);
}

/** The guard counts a model among the ways out: its provider is somebody else. */
function addModelClearances(draft: Draft): void {
  for (const { id, kind } of [...draft.nodes.values()]) {
    if (kind === 'model') refusePrivate(draft, id, { component: 'context', function: 'ai.complete' });
  }
}

function refusePrivate(draft: Draft, node: string, callee: Party): void {
  const policy = draft.blueprint.policies.find(({ use, to }) => use === 'labels' && matchesParty(to, callee));
  if (policy === undefined) return;
  draft.clearances.push({
    node,
    refuses: (label) => label === 'private' || label.startsWith('private:'),
    what: 'private data by the labels policy',
    where: policy.where,
  });
}
