// An MCP server for tests: its tools stand in a file, which a test changes; it is started as a process of its own.
import { readFileSync } from 'node:fs';
import { CLIENT_CAPABILITIES_META_KEY, Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

const [, , file = ''] = process.argv;
const tools = () => JSON.parse(readFileSync(file, 'utf8')) as { name: string; inputSchema: { type: 'object' } }[];

serveStdio(() => {
  const server = new Server({ name: 'fixture', version: '1' }, { capabilities: { tools: { listChanged: true } } });
  server.setRequestHandler('tools/list', () => ({ tools: tools() }));
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });
    if (params.name === 'fails') return { ...text('It is closed today'), isError: true };
    if (params.name === 'changed') await server.sendToolListChanged();
    if (params.name === 'environment') return text(JSON.stringify(Object.keys(process.env).sort()));
    if (params.name === 'asks') {
      const envelope = context.mcpReq.envelope as { readonly [key: string]: unknown } | undefined;
      return text(JSON.stringify(envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities() ?? null));
    }
    if (params.name === 'waits') {
      await new Promise((done) => {
        context.mcpReq.signal.addEventListener('abort', done);
      });
    }
    return text(`${params.name} ${JSON.stringify(params.arguments ?? {})}`);
  });
  return server;
});
