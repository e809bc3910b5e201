// A connection whose requests are plain calls, each answered before the next is read. With the first request that is
// anything else, it is node:http's from then on.
import type { Socket } from 'node:net';
import { isWhole } from '../../../http/answers.ts';
import type { Service } from '../../../http/service.ts';
import { sendAnswer, sendResponse } from './answer.ts';
import { PlainCall } from './call.ts';
import { SWEEP_MS } from './connections.ts';
import { type PlainHead, readPlainHead } from './head.ts';

/** What a connection has to know of its server. */
export type PlainServer = {
  readonly service: Service;
  /** For how long an idle connection is kept. */
  keepAliveMs(): number;
  /** No: the server takes no more connections, and the open ones end with their answers. */
  isListening(): boolean;
  /** Takes a connection with the bytes that it has to read. */
  handOver(socket: Socket): void;
  /** The connection is closed, or node:http's. */
  left(connection: PlainConnection): void;
};

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const LARGEST_HEAD = 8_192;
/** What one read of a socket gives at most. */
const LARGEST_REQUEST = 65_536;
/** For how long the rest of a request is waited for; node:http has limits of its own. */
const WAIT_MS = 5_000;
/** Clients hear of less than what is kept, so that none sends as the connection is closed. */
const MARGIN_MS = 1_000;
const BAD_REQUEST = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';

/** One connection. */
export class PlainConnection {
  readonly #socket: Socket;
  readonly #server: PlainServer;
  readonly #keepSeconds: number;
  /** The head of the last request, which is mostly that of the next one, and what was read of it. */
  #lastText = '';
  #lastHead: PlainHead | undefined;
  #call: PlainCall | undefined;
  /** The first bytes of a request whose end has yet to come, or what came before the answer to the last one. */
  #held: Buffer | undefined;
  #heldSince = 0;
  /** An answer waits for its client to read it. */
  #isSending = false;
  /** Looks at it since something was received, without those while it was answered. */
  #idleSweeps = 0;

  constructor(socket: Socket, server: PlainServer) {
    this.#socket = socket;
    this.#server = server;
    this.#keepSeconds = Math.floor(server.keepAliveMs() / 1_000);
    socket.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onError).on('close', this.#onClose);
  }

  /** A look at it, one every {@link SWEEP_MS}. */
  sweep(): void {
    if (this.#call !== undefined || this.#isSending) return;
    this.#idleSweeps += 1;
    if (this.#idleSweeps * SWEEP_MS <= this.#idleMs) return;
    // What waits for the rest of a request is left to node:http.
    if (this.#held === undefined) this.#socket.destroy();
    else this.#handOver(this.#held);
  }

  /** Ends it unless a request is being answered or sent; its client may read what it was sent. */
  closeIdle(): void {
    if (this.#call === undefined && this.#held === undefined) this.#socket.destroySoon();
  }

  close(): void {
    this.#socket.destroy();
  }

  get #idleMs(): number {
    return this.#server.keepAliveMs() + MARGIN_MS;
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#socket.writableEnded) return;
    this.#idleSweeps = 0;
    const bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk]);
    if (this.#call !== undefined) {
      // Who sends the next request before the answer goes on with node:http, once that is sent.
      this.#held = bytes;
      if (bytes.length > LARGEST_REQUEST) this.#socket.pause();
      return;
    }
    const at = bytes.indexOf(END_OF_HEAD);
    const head = at < 0 || at > LARGEST_HEAD ? undefined : this.#readHead(bytes.toString('latin1', 0, at));
    const start = at + END_OF_HEAD.length;
    const end = start + (head?.length ?? 0);
    if (head !== undefined && end === bytes.length) this.#answer(head, bytes, start);
    else if (head !== undefined && end > bytes.length && this.#mayWait(end)) this.#held = bytes;
    else this.#handOver(bytes);
  };

  #readHead(text: string): PlainHead | undefined {
    if (text === this.#lastText) return this.#lastHead;
    this.#lastText = text;
    this.#lastHead = readPlainHead(text);
    return this.#lastHead;
  }

  #mayWait(bytes: number): boolean {
    if (this.#held === undefined) this.#heldSince = performance.now();
    return bytes <= LARGEST_REQUEST && performance.now() - this.#heldSince < WAIT_MS;
  }

  #answer(head: PlainHead, bytes: Buffer, start: number): void {
    const { service } = this.#server;
    const call = new PlainCall(head, bytes, start);
    this.#held = undefined;
    this.#call = call;
    service
      .answer(call)
      .then((answered) => {
        if (answered !== undefined && isWhole(answered)) {
          const kept = this.#kept(head, answered.headers.connection === 'close');
          const hasLeft = this.#socket.writable && sendAnswer(this.#socket, answered, kept);
          this.#sent(hasLeft, kept !== undefined);
          return;
        }
        return this.#stream(head, answered ?? service.fetch(call.toRequest()));
      })
      .catch((error: Error) => this.#socket.destroy(error));
  }

  async #stream(head: PlainHead, answered: Response | Promise<Response>): Promise<void> {
    const response = await answered;
    const kept = this.#kept(head, response.headers.get('connection') === 'close');
    const hasLeft = await sendResponse(this.#socket, response, kept);
    this.#sent(hasLeft, kept !== undefined);
  }

  #kept(head: PlainHead, closes: boolean): number | undefined {
    return head.isLast || closes || !this.#server.isListening() ? undefined : this.#keepSeconds;
  }

  #sent(hasLeft: boolean, isKept: boolean): void {
    this.#call = undefined;
    // Its client has stopped sending: what it was sent before may leave, and the next look ends it where that does not.
    if (!this.#socket.writable) return;
    if (!isKept) this.#socket.destroySoon();
    if (isKept && this.#held !== undefined) this.#handOver(this.#held);
    else if (!hasLeft) this.#waitForReader();
  }

  /** Who does not read an answer is not asked for more; reading any of it counts. */
  #waitForReader(): void {
    const socket = this.#socket;
    this.#isSending = true;
    socket.pause();
    socket.setTimeout(this.#idleMs, () => socket.destroy());
    socket.once('drain', () => {
      this.#isSending = false;
      socket.setTimeout(0);
      socket.resume();
    });
  }

  #handOver(bytes: Buffer): void {
    const socket = this.#socket;
    socket.off('data', this.#onData).off('end', this.#onEnd).off('error', this.#onError).off('close', this.#onClose);
    this.#held = undefined;
    socket.unshift(bytes);
    this.#server.left(this);
    this.#server.handOver(socket);
    socket.resume();
  }

  readonly #onEnd = (): void => {
    if (this.#call === undefined && this.#held !== undefined) this.#socket.write(BAD_REQUEST);
    this.#held = undefined;
    this.#socket.end();
    // As with node:http, nobody gets what is still being worked on.
    this.#call?.leave();
  };

  readonly #onError = (): void => undefined;

  readonly #onClose = (): void => {
    this.#server.left(this);
    this.#call?.leave();
  };
}
