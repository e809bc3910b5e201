import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { freePorts } from '../testing/free-ports.ts';
import { createIngress } from './ingress.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((settle) => server.close(settle));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

const accepts: RequestListener = (_, response) => response.end('{"invocationId":"inv_1","status":"Accepted"}');
const hangs: RequestListener = () => undefined;
let refuses = '';
beforeAll(async () => {
  refuses = `http://127.0.0.1:${(await freePorts(1))[0]}`;
});
const ref = { tenant: 't', run_id: 'r' };

test('a run is sent with a key of its tenant and its id', async () => {
  const seen: unknown[] = [];
  const ingressUrl = await serve((request, response) => {
    seen.push([request.method, request.url, request.headers['idempotency-key']]);
    accepts(request, response);
  });
  const { send } = createIngress({ ingressUrl });
  await send('run', ref);
  await send('cancel', ref);
  expect(seen).toEqual([
    ['POST', '/pypes_runs/run/send', 't/r'],
    ['POST', '/pypes_runs/cancel/send', undefined],
  ]);
});

test('where no node answers, the caller is told so within the time', async () => {
  const hanging = await serve(hangs);
  for (const ingressUrl of [refuses, hanging, [refuses, hanging], [hanging, refuses]]) {
    const { send } = createIngress({ ingressUrl, timeoutMs: 300 });
    await expect(send('run', ref), String(ingressUrl)).rejects.toMatchObject({ code: 'unavailable' });
  }
});

test('a node that refuses, or hangs, costs no run: the next one is asked, and remembered', async () => {
  let asked = 0;
  const hanging = await serve(() => {
    asked += 1;
  });
  const accepting = await serve(accepts);
  const { send } = createIngress({ ingressUrl: [refuses, hanging, accepting], timeoutMs: 1500 });
  await send('run', ref);
  await send('run', ref);
  await send('run', ref);
  expect(asked, 'the one that answered comes first').toBe(1);
});

test('a refusal says what is missing', async () => {
  const answer = (status: number) => serve((_, response) => response.writeHead(status).end('{"message":"no"}'));
  const unknown = createIngress({ ingressUrl: await answer(404) });
  await expect(unknown.send('run', ref)).rejects.toThrow('start a worker');
  const broken = createIngress({ ingressUrl: await answer(500) });
  await expect(broken.send('run', ref)).rejects.toThrow('status 500');
});

test('options that cannot work are refused at once', () => {
  expect(() => createIngress({ ingressUrl: [] })).toThrow('ingressUrl is empty');
  expect(() => createIngress({ ingressUrl: 'http://127.0.0.1', service: 'a/b' })).toThrow('service');
});
