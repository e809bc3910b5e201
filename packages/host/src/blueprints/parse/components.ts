// Reads [components], and the skills of [blueprint] that need no entry of their own.
import type { Permissions } from '@pypes/contract';
import { parsePermissions, toPypesError } from '@pypes/contract';
import { type ComponentEntry, type FlowLabels, MARKS, READS, SENDS } from '../blueprint.ts';
import { suggestion } from '../did-you-mean.ts';
import {
  type At,
  type Note,
  readBoolean,
  readChoices,
  readTable,
  readText,
  readTexts,
  toJson,
  toTexts,
} from '../toml/fields.ts';
import type { LocatedEntry, LocatedTable, LocatedText } from '../toml/located.ts';
import { isName, NAME_RULE, nameOfSkill } from './names.ts';

const FLOW_KEYS = ['reads', 'sends', 'destinations', 'refuses', 'fields'];
const KEYS = ['path', 'skill', 'permissions', 'labels', 'model', 'stateful', ...FLOW_KEYS];

/** Every component by its name. */
export function readComponents(
  entry: LocatedEntry | undefined,
  skills: readonly LocatedText[],
  note: Note,
): ReadonlyMap<string, ComponentEntry> {
  const components = new Map<string, ComponentEntry>();
  const table = entry?.value.kind === 'table' ? entry.value : undefined;
  if (entry !== undefined && table === undefined) note(entry.where, '[components] takes a table');
  for (const [name, { where, value }] of table?.entries ?? []) {
    if (!isName(name)) note(where, `"${name}" is no name of a component; it takes ${NAME_RULE}`);
    const fields = readTable(value, `The component "${name}"`, KEYS, note);
    if (fields !== undefined) components.set(name, readComponent(name, where, fields, skills, note));
  }
  for (const { value, where } of skills) {
    const name = nameOfSkill(value);
    const named = [...components.values()].some(({ reference }) => 'skill' in reference && reference.skill === value);
    if (named) continue;
    if (!isName(name)) {
      note(where, `"${value}" gives no name of a component; name it in [components]: NAME = { skill = "${value}" }`);
    } else if (components.has(name)) {
      note(where, `There is another component "${name}"; name this one in [components]: NAME = { skill = "${value}" }`);
    } else {
      components.set(name, { name, where, reference: { skill: value }, labels: {}, model: false, stateful: false });
    }
  }
  return components;
}

function readComponent(
  name: string,
  where: ComponentEntry['where'],
  table: LocatedTable,
  skills: readonly LocatedText[],
  note: Note,
): ComponentEntry {
  const [path, skill] = [readText(table, 'path', note), readText(table, 'skill', note)];
  if (path !== undefined && skill !== undefined)
    note(skill.where, `"${name}" has a path and a skill; it takes one of them`);
  const implied = skills.find(({ value }) => nameOfSkill(value) === name)?.value;
  if (path === undefined && skill === undefined && implied === undefined) {
    note(table.where, `"${name}" needs path = "FILE" or skill = "SOURCE"`);
  }
  const permissions = readPermissions(table.entries.get('permissions'), note);
  return {
    name,
    where,
    reference: path !== undefined ? { path: path.value } : { skill: skill?.value ?? implied ?? '' },
    ...(permissions === undefined ? {} : { permissions }),
    labels: readLabels(table, note),
    model: readBoolean(table, 'model', note)?.value ?? false,
    stateful: readBoolean(table, 'stateful', note)?.value ?? false,
  };
}

/** Permissions, one by one, so that each wrong one is named. */
export function readPermissions(entry: LocatedEntry | undefined, note: Note): At<Partial<Permissions>> | undefined {
  if (entry === undefined) return undefined;
  if (entry.value.kind !== 'table') {
    note(entry.where, 'Permissions are a table: { network = ["api.example.com:443"], memory = "read" }');
    return undefined;
  }
  let value: Partial<Permissions> = {};
  for (const [name, item] of entry.value.entries) {
    try {
      value = { ...value, ...parsePermissions({ [name]: toJson(item.value) }) };
    } catch (error) {
      note(item.where, toPypesError(error).message);
    }
  }
  return { value, where: entry.where };
}

/** `labels` by function, and the short form for all functions. */
function readLabels(table: LocatedTable, note: Note): ComponentEntry['labels'] {
  const labels: { [name: string]: FlowLabels } = {};
  const short = readFlow(table, note);
  if (Object.keys(short).length > 0) labels['*'] = short;
  const entry = table.entries.get('labels');
  if (entry === undefined) return labels;
  if (entry.value.kind !== 'table') {
    note(entry.where, 'Labels are a table by function: { "*" = { reads = ["untrusted"], sends = ["network"] } }');
    return labels;
  }
  for (const [name, item] of entry.value.entries) {
    const fields = readTable(item.value, `The labels of "${name}"`, FLOW_KEYS, note);
    if (fields === undefined) continue;
    if (labels[name] !== undefined)
      note(item.where, 'It says the same as reads and sends of the component; write it once');
    labels[name] = readFlow(fields, note);
  }
  return labels;
}

function readFlow(table: LocatedTable, note: Note): FlowLabels {
  const reads = readChoices(READS, table, 'reads', note);
  const sends = readChoices(SENDS, table, 'sends', note);
  const destinations = readTexts(table, 'destinations', note)?.map(({ value }) => value);
  const refuses = readChoices(MARKS, table, 'refuses', note);
  const fields = readFields(table.entries.get('fields'), note);
  return {
    ...(reads === undefined ? {} : { reads }),
    ...(sends === undefined ? {} : { sends }),
    ...(destinations === undefined ? {} : { destinations }),
    ...(refuses === undefined ? {} : { refuses }),
    ...(fields === undefined ? {} : { fields }),
  };
}

function readFields(entry: LocatedEntry | undefined, note: Note): FlowLabels['fields'] {
  if (entry === undefined) return undefined;
  if (entry.value.kind !== 'table') {
    note(entry.where, '"fields" takes a table by JSON pointer: { "/body" = ["untrusted"] }');
    return undefined;
  }
  const fields: { [pointer: string]: readonly (typeof READS)[number][] } = {};
  for (const [pointer, item] of entry.value.entries) {
    if (!pointer.startsWith('/')) note(item.where, `"${pointer}" is no JSON pointer; did you mean "/${pointer}"?`);
    fields[pointer] = toTexts(item.value, `"${pointer}"`, note).flatMap(({ value, where }) => {
      const found = READS.find((choice) => choice === value);
      if (found === undefined) note(where, `"${value}" is no label${suggestion(value, READS)}`);
      return found ?? [];
    });
  }
  return fields;
}
