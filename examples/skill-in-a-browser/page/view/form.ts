// A function as a card: its docs, its schemas, and a form that calls it.
import type { Json, JsonSchema } from '@pypes/wit/schema';
import type { Guest } from '../skill/run.ts';
import type { SkillFunction } from '../skill/types.ts';
import { element, folded } from './element.ts';
import { sampleOf } from './sample.ts';

export function functionCard({ path, called, docs, parameters, returns }: SkillFunction, guest: Guest): HTMLElement {
  const properties = Object.entries((parameters.properties ?? {}) as { readonly [name: string]: JsonSchema });
  const required = parameters.required as readonly string[];
  const fields = properties.map(([name, schema]) => {
    const value = required.includes(name) ? JSON.stringify(sampleOf(schema, parameters)) : '';
    return { name, input: toInput(name, value) };
  });
  const output = element('output', {}, '');
  const button = element('button', {}, `Call ${called.name}`);
  const form = element(
    'form',
    {},
    ...fields.map(({ name, input }) =>
      element('label', {}, element('span', {}, required.includes(name) ? name : `${name} (may be left out)`), input),
    ),
    button,
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    const args = readFields(fields);
    const outcome = 'message' in args ? args : await guest.call(path, args.value);
    const isValue = 'value' in outcome;
    output.className = isValue ? 'value' : 'failure';
    output.replaceChildren(
      isValue ? JSON.stringify(outcome.value, undefined, 2) : `${outcome.code}\n${outcome.message}`,
    );
    output.dataset.outcome = JSON.stringify(outcome);
    button.disabled = false;
  });
  return element(
    'article',
    { id: called.name },
    element('h2', {}, called.name),
    element('p', { class: 'path' }, path),
    element('p', {}, docs),
    form,
    output,
    folded('Schema of the arguments', parameters),
    folded('Schema of the result', returns),
  );
}

function toInput(name: string, value: string): HTMLTextAreaElement {
  const rows = value.length > 60 ? '3' : '1';
  const input = element('textarea', { name, rows, spellcheck: 'false', placeholder: 'JSON' });
  input.value = value;
  return input;
}

type Read = { readonly value: Json } | { readonly code: 'invalid_input'; readonly message: string };

/** Arguments by name; an empty field is left out. */
function readFields(fields: readonly { readonly name: string; readonly input: HTMLTextAreaElement }[]): Read {
  const value: { [name: string]: Json } = {};
  for (const { name, input } of fields) {
    const text = input.value.trim();
    if (text === '') continue;
    try {
      value[name] = JSON.parse(text) as Json;
    } catch {
      return { code: 'invalid_input', message: `"${text.slice(0, 40)}" is no JSON; a text stands in quotes` };
    }
  }
  return { value };
}
