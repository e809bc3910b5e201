// Attack: reach a server on this machine, by every library that there is, without asking the host.
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeAttack, python } from './attack.ts';

describeAttack('network', ({ attack, expectUnharmed }) => {
  let server: Server;
  let visits = 0;
  let port = 0;

  beforeAll(async () => {
    server = createServer((socket) => {
      visits++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as { port: number }).port;
  });
  afterAll(() => server.close());

  it.each([
    [
      'urllib',
      'import urllib.request\nreturn urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).read().decode()',
    ],
    [
      'a socket',
      'import socket\ns = socket.create_connection(("127.0.0.1", port), 1)\ns.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")\nreturn s.recv(9).decode()',
    ],
    [
      'the module below socket',
      'import _socket\ns = _socket.socket()\ns.connect(("127.0.0.1", port))\ns.send(b"x")\nreturn s.recv(9).decode()',
    ],
    [
      'a socket that listens',
      'import _socket\ns = _socket.socket()\ns.bind(("127.0.0.1", 0))\ns.listen()\nreturn s.accept()',
    ],
  ])('%s does not get there', async (_name, body) => {
    const outcome = await attack(python(`port = args["port"]\n${body}`), { args: { port }, callMs: 4_000 });
    expect(outcome.error, JSON.stringify(outcome.output)).toBeDefined();
    expect(visits).toBe(0);
    await expectUnharmed();
  });
});
