// What the checks of permissions and wires need of each component.
import type { Wire } from '../blueprint.ts';
import type { FlowComponent } from '../guard-check.ts';
import type { Draft } from './draft.ts';

/** Every component that is known. */
export function toFlowComponents({ blueprint, parts, contexts }: Draft): readonly FlowComponent[] {
  const used = new Set([...contexts.values()].map(({ part }) => part.name));
  const offers = new Map<string, string[]>();
  for (const part of parts.values()) {
    for (const name of Object.keys(part.facts.functions))
      offers.set(name, [...(offers.get(name) ?? []), `${part.name}.${name}`]);
  }
  const wires = new Map<string, Wire[]>();
  for (const wire of blueprint.wires) wires.set(wire.component, [...(wires.get(wire.component) ?? []), wire]);
  return [...parts.values()].map(({ name, entry, facts }) => {
    const grant = blueprint.grants.get(name);
    const granted = grant?.permissions ?? facts.granted;
    const imports = facts.imports === undefined ? undefined : Object.keys(facts.imports);
    return {
      name,
      where: entry.where,
      used: used.has(name),
      ...(facts.asked === undefined ? {} : { asked: facts.asked }),
      ...(granted === undefined ? {} : { granted }),
      ...(grant === undefined || facts.granted === undefined ? {} : { grantedBefore: facts.granted }),
      ...(entry.permissions === undefined ? {} : { narrowed: entry.permissions.value }),
      grantWhere: grant?.where ?? entry.where,
      narrowedWhere: entry.permissions?.where ?? entry.where,
      ...(grant === undefined ? {} : { revoke: grant.revoke }),
      ...(imports === undefined ? {} : { imports }),
      wires: (wires.get(name) ?? []).map((wire) => ({
        import: wire.import,
        where: wire.where,
        ...(wire.remove === undefined ? {} : { remove: wire.remove }),
      })),
      candidates: Object.fromEntries(
        (imports ?? []).map((item) => [
          item,
          (offers.get(item) ?? []).filter((offer) => !offer.startsWith(`${name}.`)),
        ]),
      ),
    };
  });
}
