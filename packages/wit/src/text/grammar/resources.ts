// Resources: their constructor, methods and static functions.
import type { Preamble, ResourceFunction, TypeBody } from '../syntax.ts';
import { type Cursor, eat, expect, failExpected, isIdentifier, next, peekToken, takeId } from './cursor.ts';
import { takeComments } from './docs.ts';
import { takeFunction, takeParameters, takeResultType } from './functions.ts';
import { takePreamble } from './gates.ts';

/** Takes what follows a resource's name. */
export const takeResourceBody = (cursor: Cursor): TypeBody => {
  const functions: ResourceFunction[] = [];
  if (!eat(cursor, '{')) {
    expect(cursor, ';');
    return { kind: 'resource', functions };
  }
  for (;;) {
    const comments = takeComments(cursor);
    if (eat(cursor, '}')) return { kind: 'resource', functions };
    functions.push(takeMember(cursor, takePreamble(cursor, comments)));
  }
};

const takeMember = (cursor: Cursor, preamble: Preamble): ResourceFunction => {
  const token = peekToken(cursor);
  if (token.kind === 'constructor') return takeConstructor(cursor, preamble);
  if (!isIdentifier(token.kind)) return failExpected('`constructor` or identifier', next(cursor));
  const id = takeId(cursor);
  expect(cursor, ':');
  const kind = eat(cursor, 'static') ? 'static' : 'method';
  const inner = takeFunction(cursor);
  expect(cursor, ';');
  return { ...preamble, kind, id, function: inner };
};

const takeConstructor = (cursor: Cursor, preamble: Preamble): ResourceFunction => {
  const { span } = next(cursor);
  const params = takeParameters(cursor);
  const result = takeResultType(cursor);
  expect(cursor, ';');
  const inner = { span, isAsync: false, params, result };
  return { ...preamble, kind: 'constructor', id: { name: 'constructor', span }, function: inner };
};
