// A port that nobody has, known before workerd takes it: what is told about it has to be the same after a restart.
import { createServer } from 'node:net';
import { PypesError } from '@pypes/contract';

/** Somebody may take it in between; then workerd says so. @throws PypesError `invalid_request` */
export function findFreePort(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (cause) => {
      reject(new PypesError('invalid_request', `"${address}" is no address of this machine`, { cause }));
    });
    server.listen(0, address, () => {
      const found = server.address();
      server.close(() => resolve(typeof found === 'object' && found !== null ? found.port : 0));
    });
  });
}
