// The names that a type is made of; what a resource's functions use is no part of the resource.
import type { Id } from '../lex/identifiers.ts';
import type { TypeBody, TypeExpression } from '../syntax.ts';

/** In the order in which they are written. */
export const dependenciesOf = (body: TypeBody): readonly Id[] => {
  const ids: Id[] = [];
  switch (body.kind) {
    case 'alias':
      collect(body.type, ids);
      break;
    case 'record':
      for (const { type } of body.fields) collect(type, ids);
      break;
    case 'variant':
      for (const { type } of body.cases) if (type !== undefined) collect(type, ids);
      break;
    case 'flags':
    case 'enum':
    case 'resource':
      break;
  }
  return ids;
};

const collect = (type: TypeExpression, ids: Id[]): void => {
  switch (type.kind) {
    case 'primitive':
      return;
    case 'name':
    case 'own':
    case 'borrow':
      ids.push(type.id);
      return;
    case 'tuple':
      for (const element of type.elements) collect(element, ids);
      return;
    case 'map':
      collect(type.key, ids);
      collect(type.value, ids);
      return;
    case 'result':
      for (const part of [type.ok, type.err]) if (part !== undefined) collect(part, ids);
      return;
    default:
      if (type.element !== undefined) collect(type.element, ids);
  }
};
