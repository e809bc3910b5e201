// Python of an edge on a machine of one's own: Pyodide from its snapshot, in sandboxes beside the Worker's workerd.
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { DEFAULT_LIMITS, type Limits, type SourceFile } from '@pypes/contract';
import { createHome, createPyodideRuntime, removeHome } from '@pypes/runtimes/python';
import { createRemoteDoor } from '../../http/remote/index.ts';
import type { Logger } from '../logger.ts';

export type EdgePythonOptions = {
  readonly workerd: string;
  readonly limits: Limits;
  readonly log: Logger;
};

export interface EdgePython {
  /** The socket that the Worker asks it at; it lies in a folder that this user alone may enter. */
  readonly socketPath: string;
  /** What the Worker has to be told. */
  readonly settings: { readonly PYPES_REMOTE_URL: string; readonly PYPES_REMOTE_KEY: string };
  close(): Promise<void>;
}

/** The name in errors; nothing looks it up. */
const URL_OF_WORKER = 'http://pyodide';
const KEY_BYTES = 32;

/** Read before anybody waits for it: whether Python starts here is known when the edge does. */
const PROBE: SourceFile = {
  filename: 'probe.py',
  path: 'probe.py',
  bytes: new TextEncoder().encode('AGENT = {"name": "probe", "description": "Nothing"}\ndef run(context): pass\n'),
  digest: 'sha256:probe',
  packGuid: '00000000-0000-4000-8000-000000000000',
};

/**
 * workerd bounds neither time nor memory of an isolate, so that Python is none of the Worker's: each file version and
 * user has a workerd of its own, which this process watches and ends. The Worker asks for it as it would ask any other
 * endpoint (docs/guide/remote.md), and its guard, grants and memory decide.
 *
 * @throws PypesError `agent_broken` or `unsupported` where Pyodide does not start here
 */
export async function openEdgePython({ workerd, limits, log }: EdgePythonOptions): Promise<EdgePython> {
  const runtime = createPyodideRuntime({ workerd });
  const folder = createHome();
  const key = randomBytes(KEY_BYTES).toString('hex');
  const door = createRemoteDoor({
    key,
    limits,
    log,
    runtimes: [runtime],
    // Nobody else asks: as many as the Worker lets through for one pack.
    mostCalls: limits.concurrentCalls,
    fetch: (address, init) => fetch(address, init),
  });
  const server = createAdaptorServer({ fetch: door.fetch }) as Server;
  const socketPath = join(folder, 'python.sock');
  const close = async () => {
    await door.close();
    server.closeAllConnections();
    await new Promise<void>((closed) => server.close(() => closed()));
    removeHome(folder);
  };
  try {
    for (const agent of await runtime.load(PROBE, DEFAULT_LIMITS)) await agent.close();
    await new Promise<void>((listening, failed) => {
      server.once('error', failed);
      server.listen(socketPath, listening);
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { socketPath, settings: { PYPES_REMOTE_URL: URL_OF_WORKER, PYPES_REMOTE_KEY: key }, close };
}
