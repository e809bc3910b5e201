// One long request to workerd as a stream both ways: what is written is its body, what is read is the answer's.
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A stream that can be told not to keep the host's process. */
export type Link = Duplex & Pick<Socket, 'ref' | 'unref'>;

const RETRY_MS = 4;
const LONGEST_START_MS = 30_000;

/** Opens the link as soon as workerd listens; what is written before waits. */
export function openLink(socketPath: string): Link {
  let socket: Socket | undefined;
  let isReferenced = true;
  const opening = connect(
    socketPath,
    '/serve',
    'POST',
    () => link.destroyed,
    (opened) => {
      socket = opened;
      refer(isReferenced);
    },
  );

  function refer(isWanted: boolean): Link {
    isReferenced = isWanted;
    if (isWanted) socket?.ref();
    else socket?.unref();
    return link;
  }

  const link: Link = Object.assign(
    new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        opening.then(({ sending }) => sending.write(chunk, () => done()), done);
      },
      destroy(error, done) {
        opening.then(({ sending }) => sending.destroy()).catch(() => {});
        done(error);
      },
    }),
    { ref: () => refer(true) as Socket & Link, unref: () => refer(false) as Socket & Link },
  );
  opening
    .then(({ answer }) => answer)
    .then((answer) => {
      answer.on('data', (chunk: Buffer) => link.push(chunk));
      answer.on('close', () => link.destroy());
      if (answer.statusCode !== 200) link.destroy();
    })
    .catch(() => link.destroy());
  link.on('error', () => {});
  return link;
}

export type Exchange = { readonly sending: ClientRequest; readonly answer: Promise<IncomingMessage> };

/** A request whose body is not written yet; tries again while workerd does not listen. */
export async function connect(
  socketPath: string,
  path: string,
  method: string,
  isOver: () => boolean,
  onSocket: (socket: Socket) => void = () => {},
): Promise<Exchange> {
  const until = performance.now() + LONGEST_START_MS;
  for (;;) {
    const sending = request({ socketPath, path, method, agent: false, headers: { host: 'guest' } });
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      sending.on('response', resolve);
      sending.on('error', reject);
    });
    answer.catch(() => {});
    try {
      sending.flushHeaders();
      await whenConnected(sending, onSocket);
      return { sending, answer };
    } catch (error) {
      if (isOver() || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

function whenConnected(sending: ClientRequest, onSocket: (socket: Socket) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    sending.on('error', reject);
    sending.on('socket', (socket) => {
      socket.once('connect', () => {
        onSocket(socket);
        resolve();
      });
    });
  });
}
