// Reads templates out of located texts, and JSON with templates in it.
import type { InputValue } from '../blueprint.ts';
import { isPlain, type Template } from '../template/ast.ts';
import { parseTemplate } from '../template/parse-template.ts';
import { TemplateError } from '../template/tokens.ts';
import { describe, type Note, toJson } from '../toml/fields.ts';
import type { Located, LocatedTable, LocatedText } from '../toml/located.ts';

/** The template of a text; undefined where it has a fault, which is noted. */
export function toTemplate(text: LocatedText, note: Note): Template | undefined {
  try {
    return parseTemplate(text.value, text.at);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    note(text.at(error.offset), error.message);
    return undefined;
  }
}

/** A template that has to be one expression: a condition, a list. */
export function readExpression(table: LocatedTable, key: string, note: Note): Template | undefined {
  const value = table.entries.get(key)?.value;
  if (value === undefined) return undefined;
  if (value.kind === 'text') {
    const template = toTemplate(value, note);
    if (template === undefined || (template.parts.length === 1 && typeof template.parts[0] === 'object'))
      return template;
  }
  note(value.where, `"${key}" takes one expression, as "{{ input.items }}", got ${describe(value)}`);
  return undefined;
}

/** Any value, with the templates in its texts. */
export function toInput(value: Located, note: Note): InputValue {
  const { where } = value;
  if (value.kind === 'list') return { kind: 'list', where, items: value.items.map((item) => toInput(item, note)) };
  if (value.kind === 'table') {
    const entries = new Map([...value.entries].map(([key, entry]) => [key, toInput(entry.value, note)]));
    return { kind: 'object', where, entries };
  }
  if (value.kind === 'text') {
    const template = toTemplate(value, note);
    if (template !== undefined && !isPlain(template)) return { kind: 'template', where, template };
  }
  return { kind: 'constant', where, value: toJson(value) };
}
