// The guest: loads one agent file into this thread, in the thread's language, and runs the calls that the host sends.
// The global `process` is taken away from some guests.
import { nextTick } from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import { mustStop } from '../wire/claims.ts';
import type { AgentSource, ThreadData } from '../wire/messages.ts';
import { TO_HOST } from '../wire/messages.ts';
import { createOutboxWriter } from '../wire/outbox.ts';
import { createCalls } from './calls.ts';
import { createEngines } from './engines.ts';
import { createInbox } from './inbox.ts';
import type { GuestLanguage } from './language.ts';
import { createRequests } from './requests.ts';

const host = parentPort;
if (host === null) throw new Error('The guest runs in a worker thread only');
const { claims, outbox, entry } = workerData as ThreadData;
const { language } = (await import(entry)) as { readonly language: GuestLanguage };
const writer = createOutboxWriter(outbox, host);
let belling = false;

/** Writes one record; the host hears of it with everything that follows from what the thread does now. */
function tell(kind: number, id: number, text: string): void {
  writer.write(kind, id, text);
  if (belling) return;
  belling = true;
  nextTick(ringBell);
}

function ringBell(): void {
  belling = false;
  writer.ring();
}

host.once('message', (source: AgentSource) => {
  open(source).catch((error: unknown) => {
    tell(TO_HOST.broken, 0, JSON.stringify({ ...language.toFailure(error, source), code: 'agent_broken' }));
  });
});

async function open(source: AgentSource): Promise<void> {
  const requests = createRequests(tell);
  const guest = await language.load(source, {
    requests,
    stopRequested: ({ id }) => mustStop(claims, id),
    createEngines,
  });
  const calls = createCalls({ source, language, guest, claims, tell, ringBell: writer.ring });
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
  tell(TO_HOST.ready, 0, guest.agentText);
}

/** After this turn: an agent that obeys its signal has then said so before. */
function answerPing(ping: number): void {
  setImmediate(() => tell(TO_HOST.pong, ping, ''));
}
