// The shapes of a model's answers. There is no place in them for a policy, a grant or a release.
import type { JsonSchema } from '@pypes/contract';
import { OPERATORS } from '../draft/plan.ts';

const MOST_STEPS = 8;
const NAME: JsonSchema = { type: 'string', minLength: 1, maxLength: 64 };
const PATH: JsonSchema = { type: 'array', items: NAME, maxItems: 8 };
const WORDS: JsonSchema = { type: 'string', maxLength: 400 };

/** Choices and questions. */
export function rankSchema(names: readonly string[]): JsonSchema {
  return closed({
    choices: { type: 'array', items: { enum: [...names] }, minItems: 1, maxItems: MOST_STEPS },
    questions: { type: 'array', items: { type: 'string', minLength: 1, maxLength: 200 }, maxItems: 3 },
  });
}

/** A workflow. */
export function draftSchema(names: readonly string[]): JsonSchema {
  const value = closed({ step: NAME, path: PATH });
  const part = {
    anyOf: [
      closed({ words: WORDS }),
      closed({ from: { const: 'step' }, step: NAME, path: PATH }),
      closed({ from: { const: 'item' }, path: PATH }),
    ],
  };
  const source = {
    anyOf: [
      closed({ from: { const: 'ask' } }),
      closed({ from: { const: 'step' }, step: NAME, path: PATH }),
      closed({ from: { const: 'item' }, path: PATH }),
      closed({ from: { const: 'constant' }, value: { type: ['string', 'number', 'boolean'] } }),
      closed({ from: { const: 'text' }, parts: { type: 'array', items: part, minItems: 1, maxItems: 24 } }),
    ],
  };
  const step = closed(
    {
      id: { type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 48 },
      use: { enum: [...names] },
      arguments: { type: 'array', items: closed({ name: NAME, source }), maxItems: 32 },
      foreach: value,
      when: closed({ value, operator: { enum: [...OPERATORS] }, than: { type: ['string', 'number', 'boolean'] } }),
    },
    ['foreach', 'when'],
  );
  return closed({
    steps: { type: 'array', items: step, minItems: 1, maxItems: MOST_STEPS },
    explanation: { type: 'string', maxLength: 800 },
  });
}

function closed(properties: { readonly [name: string]: JsonSchema }, optional: readonly string[] = []): JsonSchema {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    additionalProperties: false,
  };
}
