// A proxy between a client and its server that loses answers: the server has done what it was asked, the client never hears.
import { connect, createServer, type Socket } from 'node:net';

export type TcpProxy = {
  readonly port: number;
  /** The next answer is lost, with its connection; `before` happens between the two. */
  loseAnswer(before?: () => Promise<unknown>): void;
  /** How many were lost. */
  readonly lost: number;
  close(): Promise<void>;
};

export async function startTcpProxy(serverPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let losing: (() => Promise<unknown>) | undefined;
  let lost = 0;

  const proxy = createServer((client) => {
    const server = connect(serverPort, '127.0.0.1');
    let wasAsked = false;
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (data) => {
      wasAsked = losing !== undefined;
      server.write(data);
    });
    server.on('data', async (data) => {
      // Only an answer: what the server says by itself is not what was waited for.
      if (losing === undefined || !wasAsked) return void client.write(data);
      const before = losing;
      losing = undefined;
      server.pause();
      await before();
      lost++;
      client.destroy();
    });
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const address = proxy.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    loseAnswer(before = async () => {}) {
      losing = before;
    },
    get lost() {
      return lost;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((done) => proxy.close(() => done()));
    },
  };
}
