// Answers as bytes of HTTP/1.1: whole ones in one write, streams in chunks.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Answer } from '../../../http/answers.ts';

/** For how many seconds a connection is kept after an answer; undefined: it is closed. */
export type Kept = number | undefined;

/** Sends an answer. False where the client has to read first before more should be sent. */
export function sendAnswer(socket: Socket, { status, headers, body }: Answer, kept: Kept): boolean {
  const bytes = Buffer.byteLength(body);
  const head = `${firstLine(status)}content-length: ${bytes}\r\n${fieldsOf(headers)}${endOfHead(kept)}`;
  // As many bytes as characters: all of it is ASCII.
  return socket.write(head + body, bytes === body.length ? 'latin1' : 'utf8');
}

/** Sends what may come bit by bit, like {@link sendAnswer}; ends with the stream, or when the client has gone. */
export async function sendResponse(socket: Socket, response: Response, kept: Kept): Promise<boolean> {
  if (response.headers.get('content-type') !== 'text/event-stream') {
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (!socket.writable) return false;
    socket.write(headOf(response, `content-length: ${bytes.length}`, kept), 'latin1');
    return socket.write(bytes);
  }
  if (socket.writable) socket.write(headOf(response, 'transfer-encoding: chunked', kept), 'latin1');
  if (response.body !== null) await sendChunks(socket, response.body.getReader());
  return socket.writable && socket.write('0\r\n\r\n', 'latin1');
}

async function sendChunks(socket: Socket, reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  let wake = (): void => undefined;
  const gone = () => {
    wake();
    void reader.cancel();
  };
  const drained = () => wake();
  socket.once('close', gone).on('drain', drained);
  try {
    if (socket.closed) gone();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      if (!socket.writable) return void reader.cancel();
      if (value.length === 0) continue;
      socket.cork();
      socket.write(`${value.length.toString(16)}\r\n`, 'latin1');
      socket.write(value);
      const goesOn = socket.write('\r\n', 'latin1');
      socket.uncork();
      if (!goesOn) await new Promise<void>((awake) => (wake = awake));
    }
  } finally {
    socket.off('close', gone).off('drain', drained);
  }
}

function headOf({ status, headers }: Response, framing: string, kept: Kept): string {
  return `${firstLine(status)}${framing}\r\n${toFields(headers)}${endOfHead(kept)}`;
}

function firstLine(status: number): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n`;
}

/** Nearly all answers have headers that are one object. */
let lastHeaders: Answer['headers'] | undefined;
let lastFields = '';

function fieldsOf(headers: Answer['headers']): string {
  if (headers !== lastHeaders) {
    lastFields = toFields(Object.entries(headers));
    lastHeaders = headers;
  }
  return lastFields;
}

/** Neither a name nor a value can bring a line of its own. */
const NAME = /^[\w-]+$/;
const VALUE = /^[\t -~]*$/;
/** How long the answer is, and whether another may follow, is said here. */
const OURS = new Set(['connection', 'content-length']);

function toFields(headers: Iterable<readonly [string, string]>): string {
  let text = '';
  for (const [name, value] of headers) {
    if (!NAME.test(name) || !VALUE.test(value)) throw new TypeError(`The header "${name}" cannot be sent`);
    if (!OURS.has(name)) text += `${name}: ${value}\r\n`;
  }
  return text;
}

function endOfHead(kept: Kept): string {
  const connection = kept === undefined ? 'close' : `keep-alive\r\nKeep-Alive: timeout=${kept}`;
  return `Date: ${now()}\r\nConnection: ${connection}\r\n\r\n`;
}

let second = 0;
let time = '';

/** The time as HTTP writes it. */
function now(): string {
  const at = Math.floor(Date.now() / 1_000);
  if (at !== second) {
    second = at;
    time = new Date(at * 1_000).toUTCString();
  }
  return time;
}
