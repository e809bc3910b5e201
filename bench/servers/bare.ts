// The bare echo that the service is measured against: node:http, JSON in, JSON out, nothing between.
import { createServer } from 'node:http';

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { args } = JSON.parse(Buffer.concat(chunks).toString()) as { args: unknown };
    const text = JSON.stringify({ status: 'ok', output: args });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
