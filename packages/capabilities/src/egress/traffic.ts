// The connections of one proxy: how many, how long, how many bytes, and the end of all of them.
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { type NetworkRule, PypesError } from '@pypes/contract';
import { openSocket } from './connect.ts';
import { findRoute, type Resolve } from './route.ts';
import type { Target } from './target.ts';

export type TrafficLimits = {
  /** Connections to sites at once. */
  readonly connections?: number;
  /** Bytes of all connections together, both ways. */
  readonly bytes?: number;
  /** Milliseconds that one connection may last. */
  readonly connectionMs?: number;
};

export type Traffic = {
  /** @throws PypesError as an egress does */
  connect(target: Target, rules: readonly NetworkRule[], resolve: Resolve, signal: AbortSignal): Promise<Socket>;
  /** Counts what a stream brings from now on; where it is too much, everything ends. */
  readonly count: <T extends Readable>(stream: T) => T;
  /** Ends with the rest. */
  readonly keep: (socket: Socket) => void;
  end(): void;
};

const MOST_CONNECTIONS = 64;
const MOST_BYTES = 256 * 1024 * 1024;
const LONGEST_MS = 300_000;

export function createTraffic(limits: TrafficLimits): Traffic {
  const { connections = MOST_CONNECTIONS, bytes = MOST_BYTES, connectionMs = LONGEST_MS } = limits;
  const sockets = new Set<Socket>();
  let open = 0;
  let passed = 0;
  let ended = false;

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
    if (ended) socket.destroy();
  }

  function end(): void {
    ended = true;
    for (const socket of sockets) socket.destroy();
  }

  return {
    async connect(target, rules, resolve, signal) {
      if (passed > bytes) throw exhausted('session_traffic_bytes', bytes);
      if (open >= connections) throw exhausted('session_connections', connections);
      open += 1;
      try {
        const route = await findRoute(rules, target, resolve, signal);
        // TLS is between the browser and the site: here bytes are passed on as they are.
        const socket = await openSocket({ ...target, secure: false }, route, signal);
        const timer = setTimeout(() => socket.destroy(), connectionMs);
        socket.once('close', () => {
          open -= 1;
          clearTimeout(timer);
        });
        keep(socket);
        return socket;
      } catch (error) {
        open -= 1;
        throw error;
      }
    },
    count: (stream) =>
      stream.on('data', (chunk: Uint8Array) => {
        passed += chunk.length;
        if (passed > bytes) for (const each of sockets) each.destroy();
      }),
    keep,
    end,
  };
}

function exhausted(limit: string, maximum: number): PypesError {
  return new PypesError('resource_exhausted', `The page of the session has reached its limit of ${maximum}`, {
    details: { limit, maximum },
  });
}
