// The Ajv driver.
import { testCompiler } from '../testing/test-compiler.ts';
import { testOfficialSuite } from '../testing/test-official.ts';
import { createAjvCompiler } from './compiler.ts';

testCompiler(createAjvCompiler);

testOfficialSuite(createAjvCompiler(), [
  /dynamic|anchor|\$id|recursiveRef|definitions|relative uris|relative refs|URN/i,
  // Its own documented differences.
  /unevaluatedItems|unevaluatedProperties|__proto__ not valid|ref overrides any sibling|Recursive references between/,
]);
