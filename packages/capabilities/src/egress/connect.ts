// A connection to addresses that were checked: the socket never asks a resolver.
import { connect as connectTcp, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { PypesError } from '@pypes/contract';
import { isSameAddress } from './address.ts';
import type { Route } from './route.ts';
import { type Target, toAuthority } from './target.ts';

/** Whom a TLS connection trusts beside the well-known authorities. */
export type Trust = { readonly authorities?: readonly string[] };

/**
 * A socket, connected (and, where the target is https, verified). `secure` of the target says whether to speak TLS.
 *
 * @throws PypesError `unavailable`; the signal's reason
 */
export async function openSocket(target: Target, route: Route, signal: AbortSignal, trust?: Trust): Promise<Socket> {
  signal.throwIfAborted();
  const to = {
    host: target.host,
    port: target.port,
    lookup: pinned(route.addresses),
    autoSelectFamily: true,
    noDelay: true,
  };
  const socket = target.secure ? connectTls({ ...to, ...verified(target, trust) }) : connectTcp(to);
  // A reset that comes before the socket's user listens would end the process.
  socket.on('error', () => undefined);
  await connected(socket, target.secure ? 'secureConnect' : 'connect', target, signal);
  const { remoteAddress } = socket;
  if (remoteAddress === undefined || !route.addresses.some((address) => isSameAddress(address, remoteAddress))) {
    socket.destroy();
    throw new PypesError('unavailable', `The connection to ${toAuthority(target)} was closed at once`);
  }
  return socket;
}

/** Answers with what was checked, whatever is asked. */
function pinned(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  return (_host, options, answer) => {
    if (options.all === true) return answer(null, found);
    const [first] = found;
    answer(first === undefined ? new Error('no address') : null, first?.address ?? '', first?.family);
  };
}

/** `rejectUnauthorized` said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED has no say. */
function verified({ host, url }: Target, trust: Trust | undefined) {
  const { authorities = [] } = trust ?? {};
  const named = url.hostname.startsWith('[') || /^[\d.]+$/.test(host) ? {} : { servername: host.replace(/\.$/, '') };
  return {
    ...named,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
    ...(authorities.length === 0 ? {} : { ca: [...authorities] }),
  };
}

function connected(socket: Socket, event: string, target: Target, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError).off('close', onClose).off(event, onConnect);
      act();
    };
    const fail = (error: unknown) =>
      settle(() => {
        socket.destroy();
        reject(error);
      });
    const onAbort = () => fail(signal.reason);
    const onError = (error: Error) => fail(noConnection(target, error));
    const onClose = () => fail(noConnection(target, new Error('closed')));
    const onConnect = () => settle(resolve);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', onError).once('close', onClose).once(event, onConnect);
  });
}

/** The code only: Node's text has the address in it. */
function noConnection(target: Target, error: Error): PypesError {
  const code = 'code' in error ? String(error.code) : 'closed';
  return new PypesError('unavailable', `No connection to ${toAuthority(target)} (${code})`, { cause: error });
}
