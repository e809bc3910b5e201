// A host of its own with one sandbox in an endless call; prints a line once it runs. The test kills it.
import { DEFAULT_LIMITS } from '@pypes/contract';
import { createTestContext } from '../../testing/context.ts';
import { sourceFile } from '../../testing/source-file.ts';
import { createPythonSandbox } from './sandbox.ts';

const runtime = createPythonSandbox();
const [agent] = await runtime.load(sourceFile('agent.py', process.argv[2] ?? ''), DEFAULT_LIMITS);
await agent?.run({ ...createTestContext(), log: (_level, message) => console.log(message) }, {});
