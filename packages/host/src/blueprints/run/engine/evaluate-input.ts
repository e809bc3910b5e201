// Arguments out of templates: values, and by pointer the labels of what each value was made from. A value is data:
// braces in it mean nothing.
import { type Json, PypesError } from '@pypes/contract';
import type { InputValue } from '../../blueprint.ts';
import type { Template } from '../../template/ast.ts';
import { evaluateTemplate, type Scope } from '../../template/evaluate-template.ts';
import { rootsOf } from '../../template/roots.ts';
import type { Live } from '../carries.ts';
import { type FieldLabels, joinLabels, type Labels, NO_LABELS, toStep } from '../guard-flow.ts';
import { labelsOfPath, type Values } from './values.ts';

/**
 * The value of an input.
 *
 * @param mostCharacters how large the JSON text of all that templates give may be
 * @throws PypesError `invalid_input` with the place of the template; `too_large`
 */
export function evaluateInput(input: InputValue, scope: Scope, mostCharacters: number): Json {
  let left = mostCharacters;
  return build(input);

  function build(part: InputValue): Json {
    switch (part.kind) {
      case 'constant':
        return part.value;
      case 'list':
        return part.items.map(build);
      case 'object':
        return Object.fromEntries([...part.entries].map(([key, item]) => [key, build(item)]));
      case 'template': {
        const value = evaluateTemplate(part.template, scope, left);
        // Many large templates are one large value: what is left shrinks, so that nothing larger is ever built.
        left -= typeof value === 'string' ? value.length : 0;
        if (left < 0) throw tooLarge(part.template, mostCharacters);
        return value;
      }
    }
  }
}

/** By pointer, what the templates of an input are made from, whether or not they can be evaluated. */
export function labelsOfInput(input: InputValue, values: Values, liveAt: (pointer: string) => Live): FieldLabels {
  const fields = new Map<string, Labels>();
  const visit = (part: InputValue, pointer: string): void => {
    if (part.kind === 'list') for (const [index, item] of part.items.entries()) visit(item, `${pointer}/${index}`);
    if (part.kind === 'object') for (const [key, item] of part.entries) visit(item, pointer + toStep(key));
    if (part.kind !== 'template') return;
    const labels = labelsOfTemplate(part.template, values, liveAt(pointer));
    if (labels.size > 0) fields.set(pointer, labels);
  };
  visit(input, '');
  return fields;
}

/** What a template was made from. */
export function labelsOfTemplate(template: Template, values: Values, live: Live): Labels {
  return rootsOf(template).reduce((labels, path) => joinLabels(labels, labelsOfPath(values, path, live)), NO_LABELS);
}

function tooLarge({ where }: Template, most: number): PypesError {
  const message = `Line ${where.line}, column ${where.column}: the templates give more than ${most} characters`;
  return new PypesError('too_large', message);
}
