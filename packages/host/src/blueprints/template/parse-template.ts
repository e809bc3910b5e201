// Parses templates: `Price: {{ price.output.amount | round(2) }}`.

import { suggestion } from '../did-you-mean.ts';
import type { Where } from '../guard-check.ts';
import type { Comparison, Expression, Template } from './ast.ts';
import { FILTERS } from './filters.ts';
import { readTokens, TemplateError, type Token } from './tokens.ts';

const MOST_DEPTH = 32;
const MOST_PARTS = 1_000;
const COMPARISONS: readonly string[] = ['==', '!=', '<', '<=', '>', '>=', 'in'];
const WORDS: readonly string[] = ['and', 'or', 'not', 'in', 'true', 'false', 'null'];

/**
 * Parses a template; `place` gives the place of an offset.
 *
 * @throws TemplateError with the offset
 * @example
 * parseTemplate('{{ price.output > 100 }}');
 */
export function parseTemplate(source: string, place: (offset: number) => Where = inItself): Template {
  const parts: (string | Expression)[] = [];
  let at = 0;
  for (;;) {
    const open = source.indexOf('{{', at);
    const text = source.slice(at, open === -1 ? undefined : open);
    if (text !== '') parts.push(text);
    if (open === -1) return { source, where: place(0), parts };
    if (parts.length >= MOST_PARTS) throw new TemplateError(open, `There are more than ${MOST_PARTS} expressions`);
    const { tokens, end } = readTokens(source, open + 2);
    parts.push(parseTokens(tokens, place));
    at = end;
  }
}

function inItself(offset: number): Where {
  return { path: '', line: 1, column: offset + 1 };
}

function parseTokens(tokens: readonly Token[], place: (offset: number) => Where): Expression {
  let next = 0;
  let depth = 0;
  const peek = () => tokens[next] as Token;
  const take = () => tokens[next++] as Token;
  const isNext = (...texts: readonly string[]) => peek().kind !== 'text' && texts.includes(peek().text);
  const expect = (text: string) => {
    if (!isNext(text)) throw wrong(peek(), `"${text}"`);
    return take();
  };
  const whole = parseOr();
  if (peek().kind !== 'end') throw wrong(peek(), 'an operator, a filter or }}');
  return whole;

  function parseOr(): Expression {
    if (++depth > MOST_DEPTH) throw new TemplateError(peek().at, `It is nested deeper than ${MOST_DEPTH}`);
    const made = chain('or', () => chain('and', parseNot));
    depth--;
    return made;
  }

  function chain(kind: 'and' | 'or', operand: () => Expression): Expression {
    let left = operand();
    while (isNext(kind)) {
      const where = place(take().at);
      left = { kind, left, right: operand(), where };
    }
    return left;
  }

  function parseNot(): Expression {
    if (!isNext('not')) return parseComparison();
    const where = place(take().at);
    if (++depth > MOST_DEPTH) throw new TemplateError(peek().at, `It is nested deeper than ${MOST_DEPTH}`);
    const operand = parseNot();
    depth--;
    return { kind: 'not', operand, where };
  }

  function parseComparison(): Expression {
    const left = parseFiltered();
    if (!isNext(...COMPARISONS)) return left;
    const sign = take();
    const right = parseFiltered();
    if (isNext(...COMPARISONS))
      throw new TemplateError(peek().at, 'Comparisons do not chain; join two of them with "and"');
    return { kind: 'compare', operator: sign.text as Comparison, left, right, where: place(sign.at) };
  }

  function parseFiltered(): Expression {
    let operand = parsePrimary();
    while (isNext('|')) {
      take();
      const name = take();
      if (name.kind !== 'name') throw wrong(name, 'the name of a filter');
      const filter = FILTERS[name.text];
      if (filter === undefined) {
        throw new TemplateError(
          name.at,
          `There is no filter "${name.text}"${suggestion(name.text, Object.keys(FILTERS))}`,
        );
      }
      const args: Expression[] = [];
      if (isNext('(')) {
        take();
        while (!isNext(')')) {
          if (args.length > 0) expect(',');
          args.push(parseOr());
        }
        take();
      }
      if (args.length < filter.args[0] || args.length > filter.args[1]) {
        throw new TemplateError(name.at, `The filter "${name.text}" is written ${filter.form}`);
      }
      operand = { kind: 'filter', name: name.text, operand, args, where: place(name.at) };
    }
    return operand;
  }

  function parsePrimary(): Expression {
    const token = take();
    const where = place(token.at);
    if (token.kind === 'number' || token.kind === 'text')
      return { kind: 'literal', value: token.value as string | number, where };
    if (token.kind === 'sign' && token.text === '(') {
      const inner = parseOr();
      expect(')');
      return inner;
    }
    if (token.kind !== 'name') throw wrong(token, 'a value, such as input.name, 12 or "text"');
    switch (token.text) {
      case 'true':
      case 'false':
        return { kind: 'literal', value: token.text === 'true', where };
      case 'null':
        return { kind: 'literal', value: null, where };
    }
    if (WORDS.includes(token.text)) throw wrong(token, 'a value');
    return { kind: 'path', root: token.text, steps: parseSteps(), where };
  }

  function parseSteps(): readonly (string | number)[] {
    const steps: (string | number)[] = [];
    for (;;) {
      if (isNext('.')) {
        take();
        const step = take();
        if (step.kind !== 'name') throw wrong(step, 'the name of a field');
        steps.push(step.text);
      } else if (isNext('[')) {
        take();
        const step = take();
        const index = step.kind === 'number' && Number.isInteger(step.value) && Number(step.value) >= 0;
        if (step.kind !== 'text' && !index) throw wrong(step, 'an index from 0, or a text');
        steps.push(step.value as string | number);
        expect(']');
      } else return steps;
    }
  }
}

function wrong(token: Token, wanted: string): TemplateError {
  const got = token.kind === 'end' ? 'the expression ends' : `"${token.text}" stands`;
  return new TemplateError(token.at, `Here ${got} where ${wanted} is expected`);
}
