// The shared suite, for JavaScript and for TypeScript.
import { javascriptFixtures } from '../testing/fixtures/javascript.ts';
import { typescriptFixtures } from '../testing/fixtures/typescript.ts';
import { testRuntime } from '../testing/test-runtime.ts';
import { createJavascriptRuntime } from './index.ts';

testRuntime('javascript', () => createJavascriptRuntime(), javascriptFixtures);
testRuntime('javascript (TypeScript)', () => createJavascriptRuntime(), typescriptFixtures);
