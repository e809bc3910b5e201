// The door through which Restate hands runs to this worker: HTTP/2 without TLS.
import { once } from 'node:events';
import {
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';

/** A balancer of connections spreads runs only as evenly as connections are young. */
const CONNECTION_AGE_MS = 60_000;
/**
 * Node takes one connection from a listening socket in each turn of its event loop. A worker whose turns are long would take
 * runs seconds after Restate has sent them; several sockets that share the port take several. Linux alone spreads over them.
 */
const SOCKETS = process.platform === 'linux' ? 8 : 1;

export type Door = {
  readonly port: number;
  /** Accepts no connections from now on; those that carry a run live on until it ends. */
  readonly shut: () => void;
  /** Lets what was answered be read for so long, then ends what is left. */
  readonly destroy: (afterMs: number) => Promise<void>;
};

export type DoorOptions = {
  readonly host: string;
  readonly port: number;
  readonly handler: (request: Http2ServerRequest, response: Http2ServerResponse) => void;
  /** Told once where connections carry several runs. */
  readonly onShared: () => void;
  /** Whether connections are to be closed after their run, so that the next run finds another worker. */
  readonly isCrowded: () => boolean;
};

/**
 * Restate has to be told to send one run over a connection (`http2-streams-per-connection-limit = 1`): then whatever
 * balances connections (a Kubernetes service, a TCP balancer) balances runs, and a connection can be closed after its run.
 * It cannot be told so from here: runs beyond a limit that a server states would wait behind those that are under way.
 */
export async function openDoor({ host, port, handler, isCrowded, onShared }: DoorOptions): Promise<Door> {
  const sessions = new Set<ServerHttp2Session>();
  let isShared = false;
  const servers = Array.from({ length: SOCKETS }, () => createServer(handler));
  const onSession = (session: ServerHttp2Session): void => {
    const born = performance.now();
    let streams = 0;
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    // A connection that breaks is seen by the attempt that it carried.
    session.on('error', () => undefined);
    session.on('stream', (stream) => {
      streams += 1;
      if (streams === 2 && !isShared) {
        isShared = true;
        onShared();
      }
      stream.once('close', () => {
        streams -= 1;
        // Closing one that carries other runs would make Restate give these up.
        if (streams === 0 && (isCrowded() || performance.now() - born > CONNECTION_AGE_MS)) session.close();
      });
    });
  };
  let bound = port;
  for (const server of servers) {
    server.on('session', onSession);
    bound = await listening(server, bound, host);
  }

  return {
    port: bound,
    shut() {
      for (const server of servers) server.close();
      for (const session of sessions) session.close();
    },
    async destroy(afterMs) {
      const late = new AbortController();
      const answered = Promise.all([...sessions].map((session) => once(session, 'close', { signal: late.signal })));
      const timer = setTimeout(() => late.abort(), afterMs);
      await answered.catch(() => undefined);
      clearTimeout(timer);
      for (const session of sessions) session.destroy();
    },
  };
}

async function listening(server: Http2Server, port: number, host: string): Promise<number> {
  await new Promise<void>((settle, fail) => {
    server.once('error', fail);
    server.listen({ port, host, reusePort: SOCKETS > 1 }, settle);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
