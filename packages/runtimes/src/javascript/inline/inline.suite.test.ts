// The shared suite of all runtimes, for strangers' JavaScript and TypeScript in the host's own isolate.
import { javascriptFixtures } from '../../testing/fixtures/javascript.ts';
import { typescriptFixtures } from '../../testing/fixtures/typescript.ts';
import { compileInlineModules } from '../../testing/inline-modules.ts';
import { testRuntime } from '../../testing/test-runtime.ts';
import { createInlineJavascript } from './index.ts';

const modules = compileInlineModules();
// A loop ends at the limit of CPU time, which is why that is short here.
const make = () => createInlineJavascript(modules, { cpuMs: 500 });

testRuntime('javascript inline', make, javascriptFixtures);
testRuntime('javascript inline, TypeScript', make, typescriptFixtures);
