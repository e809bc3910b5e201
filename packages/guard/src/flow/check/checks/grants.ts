// Check 1: every import is wired, every permission that is asked for is granted, and nothing granted is unused.
import { type Finding, type Repair, toFinding } from '../finding.ts';
import type { FlowComponent, FlowGraph } from '../graph.ts';
import { excessOf } from '../permissions.ts';

/** Imports, wires and grants of every component. */
export function checkGrants({ components }: FlowGraph): readonly Finding[] {
  return components.flatMap((component) => [
    ...checkWires(component),
    ...checkPermissions(component),
    ...(component.used
      ? []
      : [
          toFinding(
            'PB105',
            component.where,
            `Nothing calls "${component.name}", so it only widens what could go wrong`,
            {
              repair: { text: `Take "${component.name}" out of the blueprint, or use it` },
            },
          ),
        ]),
  ]);
}

function checkWires({ name, where, imports, wires, candidates }: FlowComponent): readonly Finding[] {
  if (imports === undefined) return [];
  const missing = imports
    .filter((item) => !wires.some((wire) => wire.import === item))
    .map((item) => {
      const found = candidates[item] ?? [];
      const text =
        found.length === 1
          ? `Add "${name}.${item}" = "${found[0]}" to [wiring]`
          : `Add "${name}.${item}" = "COMPONENT.FUNCTION" to [wiring]${found.length === 0 ? '' : `; there are ${found.slice(0, 5).join(', ')}`}`;
      return toFinding('PB101', where, `"${name}" calls "${item}", and nothing is wired there`, { repair: { text } });
    });
  const unused = wires
    .filter((wire) => !imports.includes(wire.import))
    .map((wire) => {
      const known = imports.length === 0 ? 'it calls nothing' : `it calls ${imports.slice(0, 8).join(', ')}`;
      return toFinding('PB104', wire.where, `"${name}" does not call "${wire.import}"; ${known}`, {
        repair: withEdit(`Take "${name}.${wire.import}" out of [wiring]`, wire.remove),
      });
    });
  return [...missing, ...unused];
}

function checkPermissions(component: FlowComponent): readonly Finding[] {
  const { name, asked, granted = {}, narrowed, grantWhere, narrowedWhere, revoke = {} } = component;
  const needed = narrowed ?? asked;
  const lacking = excessOf(needed ?? {}, granted).map(({ permission, part }) =>
    toFinding(
      'PB102',
      narrowed === undefined ? component.where : narrowedWhere,
      `"${name}" needs ${permission} "${part}", which it was not granted`,
      { repair: { text: `Grant it when installing, or in [grants]: ${name} = { ${permission} = … }` } },
    ),
  );
  // What is asked for is not known: nothing can be called unused.
  if (needed === undefined) return lacking;
  const own = component.grantedBefore !== undefined || Object.keys(revoke).length > 0;
  const unused = excessOf(granted, own ? needed : (asked ?? needed)).map(({ permission, part }) =>
    toFinding('PB103', grantWhere, `"${name}" was granted ${permission} "${part}", which it does not ask for`, {
      repair: withEdit(`Take ${permission} "${part}" away from "${name}"`, revoke[permission]),
    }),
  );
  return [...lacking, ...unused];
}

function withEdit(text: string, edit: Repair['edit']): Repair {
  return edit === undefined ? { text } : { text, edit };
}
