// The shared suite of all runtimes, for strangers' JavaScript and TypeScript.
import { javascriptFixtures } from '../../testing/fixtures/javascript.ts';
import { typescriptFixtures } from '../../testing/fixtures/typescript.ts';
import { testRuntime } from '../../testing/test-runtime.ts';
import { createJavascriptSandbox } from '../index.ts';

testRuntime('javascript sandbox', () => createJavascriptSandbox(), javascriptFixtures);
testRuntime('javascript sandbox, TypeScript', () => createJavascriptSandbox(), typescriptFixtures);
