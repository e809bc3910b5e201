// Checks a shipped .wit against the component's own types before anything is loaded (spec 4).
import type { InterfaceId } from '../resolved.ts';
import { compareFunctions, type Role } from './functions.ts';
import { type Reason, within } from './reasons.ts';
import { createRelate } from './relate.ts';
import type { Relate } from './relation.ts';
import { type Item, sideOf, type WorldOf } from './side.ts';

/** Whether a .wit tells the truth about a component, and where it does not. */
export type Agreement = { readonly same: boolean; readonly reasons: readonly Reason[] };

/**
 * Compares what a `.wit` and a component binary both name; every difference counts. The binary's world may have any
 * name, lack docs and named types that nothing uses, import less than the `.wit` allows (tools drop what is not called)
 * and import or export interfaces that the `.wit` does not name. It has to export all that the `.wit` exports.
 */
export function sameTypes(wit: WorldOf, binary: WorldOf): Agreement {
  const [told, real] = [sideOf(wit), sideOf(binary)];
  const reasons: Reason[] = [];
  const relate = createRelate(told, real, reasons);
  const find = (items: readonly Item[], name: string): Item | undefined => items.find((item) => item.name === name);

  for (const item of told.exports) {
    const path = `export ${item.name}`;
    const other = find(real.exports, item.name);
    if (other !== undefined) compareItem(relate, item, other, 'offered', path);
    else if (!('type' in item)) relate.note(path, 'The component does not export it', true);
  }
  for (const item of told.imports) {
    const other = find(real.imports, item.name);
    if (other !== undefined) compareItem(relate, item, other, 'needed', `import ${item.name}`);
  }
  return { same: reasons.length === 0, reasons };
}

function compareItem(relate: Relate, item: Item, other: Item, role: Role, path: string): void {
  if ('function' in item && 'function' in other) compareFunctions(relate, item.function, other.function, role, path);
  else if ('interface' in item && 'interface' in other) {
    compareMembers(relate, item.interface, other.interface, role, path);
  } else if ('type' in item && 'type' in other) relate.types(item.type, other.type, 'to-old', path);
  else relate.note(path, 'The .wit and the component name different kinds of things', true);
}

function compareMembers(relate: Relate, told: InterfaceId, real: InterfaceId, role: Role, path: string): void {
  const [was, is] = [relate.old.resolved.interfaces[told], relate.new.resolved.interfaces[real]];
  for (const [name, called] of Object.entries(was?.functions ?? {})) {
    const other = own(is?.functions, name);
    if (other !== undefined) compareFunctions(relate, called, other, role, within(path, name));
    else if (role === 'offered') relate.note(within(path, name), 'The component lacks it', true);
  }
  for (const name of Object.keys(is?.functions ?? {})) {
    if (own(was?.functions, name) === undefined) relate.note(within(path, name), 'The .wit does not name it', true);
  }
  for (const [name, type] of Object.entries(was?.types ?? {})) {
    const other = own(is?.types, name);
    if (other !== undefined) relate.types(type, other, 'to-old', within(path, `type ${name}`));
  }
}

/** Not what every object inherits: `constructor` is a fine name for a function. */
function own<Value>(record: { readonly [name: string]: Value } | undefined, name: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
