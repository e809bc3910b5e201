import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, jsonSchema, Output, streamText, tool } from 'ai';
import { breakOff, callTool, fail, startOpenAiServer } from './openai-server.ts';

const s = await startOpenAiServer({
  badargs: callTool('weather', '{"city":'),
  ok: callTool('weather', '{"n":12345678901234567890}'),
  cut: (r) => {
    r.writeHead(200, { 'content-type': 'text/event-stream' });
    r.write(
      'data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"half"},"finish_reason":null}]}\n\n',
    );
    r.end();
  },
  empty: (r) => {
    r.writeHead(200, { 'content-type': 'text/event-stream' });
    r.end();
  },
  garb: (r) => {
    r.writeHead(200, { 'content-type': 'text/event-stream' });
    r.end('data: {nope\n\ndata: [DONE]\n\n');
  },
  err: (r) => {
    r.writeHead(200, { 'content-type': 'text/event-stream' });
    r.end('data: {"error":{"message":"overloaded","code":429}}\n\ndata: [DONE]\n\n');
  },
  nousage: (r) => {
    r.writeHead(200, { 'content-type': 'application/json' });
    r.end(
      JSON.stringify({ choices: [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: null }] }),
    );
  },
  html: (r) => {
    r.writeHead(502, { 'content-type': 'text/html' });
    r.end('<h1>' + 'x'.repeat(500));
  },
  redirect: (r) => {
    r.writeHead(307, { location: 'http://127.0.0.1:1/' });
    r.end();
  },
  breaks: breakOff,
});
const p = createOpenAICompatible({
  name: 'upstream',
  baseURL: s.url,
  includeUsage: true,
  supportsStructuredOutputs: true,
  fetch: (i, init) => fetch(i, { ...init, redirect: 'manual' }),
});
const tools = { weather: tool({ inputSchema: jsonSchema({ type: 'object' }), strict: true } as never) };
for (const m of ['badargs', 'ok', 'nousage', 'html', 'redirect']) {
  try {
    const r = await generateText({ model: p.chatModel(m), prompt: 'hi', tools, maxRetries: 0 });
    console.log(m, JSON.stringify(r.toolCalls), r.finishReason, r.rawFinishReason, JSON.stringify(r.usage));
  } catch (e) {
    console.log(
      m,
      'ERR',
      (e as Error).name,
      (e as { statusCode?: number }).statusCode,
      (e as Error).message.slice(0, 200),
    );
  }
}
for (const m of ['badargs', 'cut', 'empty', 'garb', 'err', 'breaks', 'html']) {
  console.log('--', m);
  try {
    for await (const part of streamText({
      model: p.chatModel(m),
      prompt: 'hi',
      tools: m === 'badargs' ? {} : tools,
      maxRetries: 0,
      onError: () => undefined,
      ...(m === 'cut' ? { output: Output.object({ schema: jsonSchema({ type: 'object' }) }) } : {}),
    }).stream) {
      const { type, ...rest } = part as { type: string; error?: unknown };
      if (['start', 'start-step', 'finish-step', 'text-start', 'text-end'].includes(type)) {
        console.log(type);
        continue;
      }
      console.log(
        type,
        type === 'error'
          ? [
              (rest.error as Error)?.constructor?.name,
              String((rest.error as Error)?.message ?? JSON.stringify(rest.error)).slice(0, 150),
            ]
          : JSON.stringify(rest).slice(0, 250),
      );
    }
  } catch (e) {
    console.log('THROW', String(e).slice(0, 200));
  }
}
console.log(JSON.stringify(s.requests[0]?.body));
await s.stop();
