// The Ajv driver.
import { expect, it } from 'vitest';
import { testCompiler } from '../testing/test-compiler.ts';
import { testOfficialSuite } from '../testing/test-official.ts';
import { createAjvCompiler } from './compiler.ts';

testCompiler(createAjvCompiler);

testOfficialSuite(createAjvCompiler(), [
  /dynamic|anchor|\$id|recursiveRef|definitions|relative uris|relative refs|URN/i,
  // Its own documented differences.
  /unevaluatedItems|unevaluatedProperties|__proto__ not valid|ref overrides any sibling|Recursive references between/,
]);

it('lets nothing pass where the code that Ajv generated fails', () => {
  const schema = {
    patternProperties: { '^a': false },
    allOf: [{ oneOf: [{ properties: { a: { allOf: [false] } } }, false] }, {}],
  };
  const check = createAjvCompiler().compile(schema);
  expect(() => check({ a: '' })).toThrow(expect.objectContaining({ code: 'agent_broken' }));
  expect(check('')).toEqual([]);
});
