// Arguments out of templates: values, and by pointer the labels of what each value was made from. A value is data:
// braces in it mean nothing.
import { type Json, PypesError } from '@pypes/contract';
import type { InputValue } from '../../blueprint.ts';
import type { Template } from '../../template/ast.ts';
import { evaluateTemplate, type Scope } from '../../template/evaluate-template.ts';
import { rootsOf } from '../../template/roots.ts';
import { type FieldLabels, joinLabels, type Labels, NO_LABELS, toStep } from '../guard-flow.ts';
import { labelsOfPath, type Values } from './values.ts';

/** A value with the labels of its fields. */
export type Labelled = { readonly value: Json; readonly fields: FieldLabels };

/**
 * The value of an input.
 *
 * @param mostCharacters how large the JSON text of all that templates give may be
 * @throws PypesError `invalid_input` with the place of the template; `too_large`
 */
export function evaluateInput(input: InputValue, values: Values, scope: Scope, mostCharacters: number): Labelled {
  const fields = new Map<string, Labels>();
  let left = mostCharacters;

  function build(part: InputValue, pointer: string): Json {
    switch (part.kind) {
      case 'constant':
        return part.value;
      case 'list':
        return part.items.map((item, index) => build(item, `${pointer}/${index}`));
      case 'object':
        return Object.fromEntries([...part.entries].map(([key, item]) => [key, build(item, pointer + toStep(key))]));
      case 'template': {
        const { template } = part;
        const value = evaluateTemplate(template, scope, left);
        // Many large templates are one large value: what is left shrinks, so that nothing larger is ever built.
        left -= typeof value === 'string' ? value.length : 0;
        if (left < 0) throw tooLarge(template, mostCharacters);
        const labels = labelsOfTemplate(template, values);
        if (labels.size > 0) fields.set(pointer, labels);
        return value;
      }
    }
  }

  return { value: build(input, ''), fields };
}

/** What a template was made from. */
export function labelsOfTemplate(template: Template, values: Values): Labels {
  return rootsOf(template).reduce(
    (labels, { root, steps }) => joinLabels(labels, labelsOfPath(values, root, steps)),
    NO_LABELS,
  );
}

function tooLarge({ where }: Template, most: number): PypesError {
  const message = `Line ${where.line}, column ${where.column}: the templates give more than ${most} characters`;
  return new PypesError('too_large', message);
}
