// A balancer of connections, as a Kubernetes service is one: hands each to the next target that accepts it.
import { connect, createServer, type Server, type Socket } from 'node:net';

export type Balancer = {
  readonly url: string;
  /** Ends the connections that there are; new ones go where `ports` says. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
};

/** `ports` is asked for each connection, so that targets can come and go. */
export async function startBalancer(ports: () => readonly number[]): Promise<Balancer> {
  const open = new Set<Socket>();
  let turn = 0;
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => open.delete(socket));
    turn += 1;
    const targets = ports();
    forward(
      socket,
      targets.map((_, index) => targets[(turn + index) % targets.length]!),
    );
  });
  const port = await listening(server);

  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };

  return {
    url: `http://127.0.0.1:${port}`,
    cut,
    close() {
      cut();
      return new Promise((settle) => server.close(() => settle()));
    },
  };
}

function forward(socket: Socket, [port, ...others]: readonly number[]): void {
  if (port === undefined) {
    socket.destroy();
    return;
  }
  const target = connect(port, '127.0.0.1');
  target.once('connect', () => {
    socket.pipe(target).pipe(socket);
    target.once('close', () => socket.destroy());
    socket.once('close', () => target.destroy());
  });
  target.on('error', () => {
    if (target.bytesRead + target.bytesWritten === 0) forward(socket, others);
    else socket.destroy();
  });
}

function listening(server: Server): Promise<number> {
  return new Promise((settle, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      settle(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
