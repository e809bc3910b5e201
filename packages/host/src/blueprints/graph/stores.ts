// What joins the functions of a component beside their arguments: memory, objects, state, and a model that reads all.
import { allows } from '../guard-check.ts';
import { addEdge, type Context, type Draft, emittersOf } from './draft.ts';

/** Adds stores, models and ways out for every context. */
export function addStores(draft: Draft): void {
  for (const context of draft.contexts.values()) {
    const { permissions, pack, name, isModel, isStateful } = context.part;
    addStore(draft, context, 'memory', pack, permissions.memory ?? 'none');
    addStore(draft, context, 'objects', pack, permissions.objects ?? 'none');
    if (isStateful) addStore(draft, context, 'state', name, 'read-write');
    // Its files and its page are those of everything else of its pack, as long as the run takes.
    if ((permissions.session?.length ?? 0) > 0)
      addStore(draft, context, 'state', `the session of ${pack}`, 'read-write');
    if (isModel) addModel(draft, context);
  }
}

/** In any order, and from one run to the next: whatever was ever written can be read. */
function addStore(
  draft: Draft,
  context: Context,
  kind: 'memory' | 'objects' | 'state',
  owner: string,
  access: 'none' | 'read' | 'write' | 'read-write',
): void {
  if (access === 'none') return;
  const id = `${kind}:${owner}`;
  const { where } = context.part.entry;
  if (!draft.nodes.has(id)) draft.nodes.set(id, { id, kind, title: `${kind} of ${owner}`, where });
  if (allows(access, 'write')) {
    for (const from of emittersOf(context)) addEdge(draft, { from, to: id, kind: 'write', where: context.where });
  }
  if (allows(access, 'read')) addEdge(draft, { from: id, to: context.id, kind: 'read', where: context.where });
}

/** One context for all functions of a component that asks a model: what one call told it, the next may give away. */
function addModel(draft: Draft, context: Context): void {
  const { part, where } = context;
  const id = `model:${part.name}`;
  if (!draft.nodes.has(id)) {
    draft.nodes.set(id, {
      id,
      kind: 'model',
      title: `the model of ${part.name}`,
      where: part.entry.where,
      component: part.name,
    });
  }
  for (const from of emittersOf(context)) addEdge(draft, { from, to: id, kind: 'model', where });
  addEdge(draft, { from: id, to: context.id, kind: 'model', where });
}
