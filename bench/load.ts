// A load generator: one request, sent again and again on many connections, as fast as the server answers.
import { connect, type Socket } from 'node:net';

/** What to send and for how long. */
export type LoadOptions = {
  readonly port: number;
  readonly path: string;
  readonly body: string;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly ms: number;
};

/** Requests per second and the latencies in milliseconds. */
export type LoadResult = { readonly rps: number; readonly p50: number; readonly p99: number; readonly failed: number };

/** Sends requests for `ms` milliseconds; a server that closes its connections is connected to anew each time. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const more = Object.entries(options.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = Buffer.from(
    `POST ${options.path} HTTP/1.1\r\nhost: 127.0.0.1:${options.port}\r\ncontent-type: application/json\r\n${more.join('')}content-length: ${Buffer.byteLength(options.body)}\r\n\r\n${options.body}`,
  );
  const latencies: number[] = [];
  let failed = 0;
  const began = performance.now();
  const end = began + options.ms;

  function drive(done: () => void): void {
    let socket: Socket;
    let sentAt = 0;
    let received = '';

    const send = () => {
      if (performance.now() >= end) {
        socket.destroy();
        done();
        return;
      }
      sentAt = performance.now();
      socket.write(request);
    };
    const open = () => {
      received = '';
      socket = connect({ port: options.port, host: '127.0.0.1', noDelay: true });
      socket.setEncoding('latin1');
      socket.on('connect', send);
      socket.on('data', onData);
      socket.on('error', () => undefined);
    };
    const onData = (chunk: string) => {
      received += chunk;
      const head = received.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = /content-length: (\d+)/i.exec(received.slice(0, head))?.[1];
      if (length === undefined || received.length < head + 4 + Number(length)) return;
      latencies.push(performance.now() - sentAt);
      if (!/^HTTP\/1\.[01] 200/.test(received)) failed += 1;
      const closes = /^HTTP\/1\.0|connection: close/i.test(received.slice(0, head));
      received = '';
      if (!closes) return send();
      socket.destroy();
      if (performance.now() < end) open();
      else done();
    };
    open();
  }

  await Promise.all(Array.from({ length: options.connections }, () => new Promise<void>((done) => drive(done))));
  latencies.sort((a, b) => a - b);
  const seconds = (performance.now() - began) / 1000;
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { rps: latencies.length / seconds, p50: at(0.5), p99: at(0.99), failed };
}
