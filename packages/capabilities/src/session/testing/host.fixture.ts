// A host of its own process for the test of what remains after `kill -9`: it opens a page, says so, and waits.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseNetworkRule } from '@pypes/contract';
import { createSessionProvider } from '../provider.ts';

const [, , root = ''] = process.argv;
const { signal } = new AbortController();
const site = createServer((_request, response) => response.end('hello'));
await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
const { port } = site.address() as AddressInfo;
const provider = createSessionProvider({ root });
const rules = [parseNetworkRule(`127.0.0.1:${port}`)];
const session = await provider.open({ scope: { packGuid: 'p' }, runId: 'r', rules, maxBytes: 100 });
await session.perform('write', { path: 'a', text: 'left over' }, signal);
await session.perform('goto', { url: `http://127.0.0.1:${port}/` }, signal);
process.stdout.write('ready\n');
