// The shared suite of all runtimes, for Lua.
import { luaFixtures } from '../testing/fixtures/lua.ts';
import { testRuntime } from '../testing/test-runtime.ts';
import { createLuaRuntime } from './index.ts';

testRuntime('lua', () => createLuaRuntime(), luaFixtures);
