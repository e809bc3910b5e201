// A service that gives back what it was sent, and connections to it, for tests of what becomes of a connection.
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { jsonAnswer } from '../../../http/answers.ts';
import type { Service } from '../../../http/service.ts';
import type { WireRequest } from '../../../http/wire-request.ts';
import { portOf, readAnswer } from './exchange.ts';

const PATH = '/api/pack/test/agent';
export const MEGABYTE = 'x'.repeat(1_000_000);

/** A service, what it has seen, and the end of what it waits for. */
export type EchoService = Service & {
  readonly seen: { plainly: number; waiting: WireRequest[]; aborted: number };
  /** Ends the last call that waits, or the last stream. */
  release(): void;
  /** As if nothing had been seen. */
  forget(): void;
};

/** Gives back what it was sent, by either way; some texts make it do more. */
export function createEchoService(): EchoService {
  const seen: EchoService['seen'] = { plainly: 0, waiting: [], aborted: 0 };
  let release = (): void => undefined;

  function watch(signal: AbortSignal): void {
    signal.addEventListener('abort', () => {
      seen.aborted += 1;
    });
  }

  function streamFor(signal: AbortSignal): Response {
    watch(signal);
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('data: begun\n\n'));
        release = () => controller.close();
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }

  return {
    seen,
    release: () => release(),
    forget: () => Object.assign(seen, { plainly: 0, waiting: [], aborted: 0 }),
    async answer(request) {
      seen.plainly += 1;
      const text = await request.text();
      if (text === 'other') return undefined;
      if (text === 'fails') throw new Error('never rejects');
      if (text === 'stream') return streamFor(request.signal);
      if (text === 'wait') {
        seen.waiting.push(request);
        watch(request.signal);
        await new Promise<void>((released) => {
          release = released;
        });
      }
      const answer = jsonAnswer(text.startsWith('large') ? MEGABYTE.repeat(text === 'large' ? 1 : 20) : text);
      return text.endsWith('last') ? { ...answer, headers: { ...answer.headers, connection: 'close' } } : answer;
    },
    async fetch(request) {
      const text = await request.text();
      if (text === 'slow') await pause(1_500);
      return Response.json(text, { headers: { 'content-type': 'application/json; charset=utf-8' } });
    },
  };
}

export function post(body: string, { last = false, path = PATH } = {}): string {
  const head = [`POST ${path} HTTP/1.1`, 'host: 127.0.0.1', `content-length: ${Buffer.byteLength(body)}`];
  return `${[...head, ...(last ? ['connection: close'] : [])].join('\r\n')}\r\n\r\n${body}`;
}

/** A connection, and everything that has come on it. */
export type Opened = { readonly socket: Socket; text(): string; closed(): boolean };

export async function open(server: Server): Promise<Opened> {
  let text = '';
  const socket = connect({ port: portOf(server), host: '127.0.0.1', noDelay: true });
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  await new Promise<void>((connected) => socket.once('connect', connected));
  return { socket, text: () => text, closed: () => socket.closed };
}

export const bodiesIn = (text: string) => text.split(/(?=HTTP\/1\.1 \d)/).map((answer) => readAnswer(answer).body);
export const pause = (ms = 20) => new Promise((done) => setTimeout(done, ms));
