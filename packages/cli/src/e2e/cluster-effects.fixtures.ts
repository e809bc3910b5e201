// What steps do to the world: a server that counts each request for itself, and gives a number that is given once.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Something was done; `at` is when, in milliseconds since 1970. */
export type Effect = { readonly id: string; readonly step: string; readonly number: string; readonly at: number };

export type Effects = {
  readonly host: string;
  readonly done: readonly Effect[];
  readonly close: () => Promise<void>;
};

/** It has done what it was asked before it answers, which takes `answerMs` besides. */
export async function startEffects(answerMs: number): Promise<Effects> {
  const done: Effect[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { id, step } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Effect;
    const number = String(done.length + 1);
    done.push({ id, step, number, at: Date.now() });
    await sleep(answerMs);
    response.end(number);
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    done,
    close() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
