// A host of its own whose call never ends; prints its log. The test kills it.
import { DEFAULT_LIMITS } from '@pypes/contract';
import { createTestContext } from '../../testing/context.ts';
import { sourceFile } from '../../testing/source-file.ts';
import { createPyodideRuntime } from './pyodide.ts';

const LOOP = 'AGENT = {"name": "loop"}\ndef run(context):\n    context.log("info", "in the loop")\n    while True: pass\n';

const runtime = createPyodideRuntime();
const [agent] = await runtime.load(sourceFile('agent.py', LOOP), DEFAULT_LIMITS);
await agent?.run({ ...createTestContext(), log: (_level, message) => console.log(message) }, {});
