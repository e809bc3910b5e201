// The shared suite of all runtimes, for Lua in the host's own isolate.
import { luaFixtures } from '../../testing/fixtures/lua.ts';
import { testRuntime } from '../../testing/test-runtime.ts';
import { createInlineLua } from './index.ts';

// A loop ends at the limit of CPU time, which is why that is short here.
testRuntime('lua inline', () => createInlineLua({ cpuMs: 500 }), luaFixtures);
