// The guest: loads one agent file into this thread and runs the calls that the host sends.
import { parentPort, workerData } from 'node:worker_threads';
import type { AgentSource, ThreadData } from '../wire/messages.ts';
import { TO_HOST } from '../wire/messages.ts';
import { createOutboxWriter } from '../wire/outbox.ts';
import { createCalls } from './calls.ts';
import { captureOutput } from './console.ts';
import { toFailure } from './failure.ts';
import { createInbox } from './inbox.ts';
import { loadModule } from './module.ts';
import { createRequests } from './requests.ts';

const host = parentPort;
if (host === null) throw new Error('The guest of the JavaScript runtime runs in a worker thread only');
const { claims, outbox } = workerData as ThreadData;
const writer = createOutboxWriter(outbox, host);
let belling = false;

/** Writes one record; the host hears of it at the end of this turn of the event loop, with everything else in it. */
function tell(kind: number, id: number, text: string): void {
  writer.write(kind, id, text);
  if (belling) return;
  belling = true;
  setImmediate(ringBell);
}

function ringBell(): void {
  belling = false;
  writer.ring();
}

host.once('message', (source: AgentSource) => {
  open(source).catch((error: unknown) => {
    tell(TO_HOST.broken, 0, JSON.stringify({ ...toFailure(error, source), code: 'agent_broken' }));
  });
});

async function open(source: AgentSource): Promise<void> {
  captureOutput();
  const { run, agentText } = await loadModule(source);
  const requests = createRequests(tell);
  const calls = createCalls({ source, run, claims, tell, ringBell: writer.ring, requests });
  const take = createInbox({
    start: (batch, at) => calls.start(batch, at),
    abort(number, ping) {
      calls.abort(number);
      answerPing(ping);
    },
    ping: answerPing,
    settle: requests.settle,
  });
  host?.on('message', take);
  tell(TO_HOST.ready, 0, agentText);
}

/** After this turn: an agent that obeys its signal has then said so before. */
function answerPing(ping: number): void {
  setImmediate(() => tell(TO_HOST.pong, ping, ''));
}
