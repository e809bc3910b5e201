// A real server that speaks OpenAI's wire on this machine, and does what the test says.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@pypes/contract';

/** One request as it arrived. */
export type Arrived = { readonly authorization: string | undefined; readonly body: JsonObject };
/** What the model of that name does with a request. */
export type Script = (response: ServerResponse, arrived: Arrived) => void | Promise<void>;

const USAGE = { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 };

export async function startOpenAiServer(scripts: { readonly [model: string]: Script }) {
  const requests: Arrived[] = [];
  const closed: string[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await read(request)) as JsonObject;
    const arrived = { authorization: request.headers.authorization, body };
    requests.push(arrived);
    const model = String(body.model);
    response.on('close', () => !response.writableEnded && closed.push(model));
    await (scripts[model] ?? notFound)(response, arrived);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    /** Models whose caller went away before the answer ended. */
    closed,
    stop: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const notFound: Script = (response) => fail(404, 'no such model')(response, { authorization: undefined, body: {} });

/** Answers with a text, streamed in pieces where that was asked for. */
export const say =
  (text: string): Script =>
  async (response, { body }) => {
    if (body.stream === true)
      return streamPieces(
        response,
        [...text].map((piece) => ({ content: piece })),
        'stop',
      );
    answer(response, { role: 'assistant', content: text }, 'stop');
  };

/** Calls one tool. */
export const callTool =
  (name: string, args: string): Script =>
  async (response, { body }) => {
    const call = { id: 'call_1', type: 'function', function: { name, arguments: args } };
    if (body.stream !== true)
      return answer(response, { role: 'assistant', content: null, tool_calls: [call] }, 'tool_calls');
    const first = { tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name, arguments: '' } }] };
    const rest = [...args].map((piece) => ({ tool_calls: [{ index: 0, function: { arguments: piece } }] }));
    return streamPieces(response, [first, ...rest], 'tool_calls');
  };

export const fail =
  (status: number, message: string): Script =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message, type: 'error', code: null, param: null } }));
  };

/** Sends some of its answer and breaks the connection. */
export const breakOff: Script = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(event({ content: 'half' }));
  setTimeout(() => response.destroy(), 30);
};

/** Never answers. */
export const hang: Script = () => undefined;

function answer(response: ServerResponse, message: JsonObject, finish_reason: string): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const head = { id: 'x', object: 'chat.completion', created: 1, model: 'm' };
  response.end(JSON.stringify({ ...head, choices: [{ index: 0, message, finish_reason }], usage: USAGE }));
}

async function streamPieces(response: ServerResponse, deltas: readonly JsonObject[], finish: string): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const delta of deltas) {
    const text = event(delta);
    // Split in the middle: what belongs together need not come together.
    response.write(text.slice(0, 9));
    await new Promise((done) => setImmediate(done));
    response.write(text.slice(9));
  }
  response.write(event({}, finish));
  response.write(
    `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: USAGE })}\n\n`,
  );
  response.end('data: [DONE]\n\n');
}

function event(delta: JsonObject, finish_reason: string | null = null): string {
  const head = { id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm' };
  return `data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
}
