// A host of its own: calls one agent, prints its first log line. The tests kill it, or see it end by itself.
import { DEFAULT_LIMITS } from '@pypes/contract';
import { createTestContext } from '../testing/context.ts';
import { sourceFile } from '../testing/source-file.ts';
import { createPythonRuntime } from './runtime.ts';

const runtime = createPythonRuntime();
const [agent] = await runtime.load(sourceFile('agent.py', process.argv[2] ?? ''), DEFAULT_LIMITS);
await agent?.run({ ...createTestContext(), log: (_level, message) => console.log(message) }, {});
