// A service as a handler of Azure Functions: its request is nearly a web-standard one, and so is its response.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';

type Bytes = ReadableStream<Uint8Array>;

const BODILESS = new Set(['GET', 'HEAD']);

/** Bodies are handed through as streams in both directions. */
export function createAzureHandler(fetch: (request: Request) => Promise<Response>) {
  return async (request: HttpRequest): Promise<HttpResponseInit> => {
    const body = BODILESS.has(request.method) || request.body === null ? undefined : keepOpen(request.body as Bytes);
    const { status, headers, body: answer } = await fetch(toRequest(request, body?.stream));
    await body?.drain();
    return { status, headers: Object.fromEntries(headers), body: answer as HttpResponseInit['body'] };
  };
}

function toRequest({ url, method, headers }: HttpRequest, body: Bytes | undefined): Request {
  const init = { method, headers: headers as unknown as Headers };
  return body === undefined
    ? new Request(url, init)
    : new Request(url, { ...init, body, duplex: 'half' } as RequestInit);
}

/**
 * A body that can be left unread. Whoever refuses one gives up its stream, and that would break the connection to the
 * host before the answer is through: so the rest is read, and thrown away. The host bounds how much that can be.
 */
function keepOpen(body: Bytes): { readonly stream: Bytes; readonly drain: () => Promise<void> } {
  const reader = body.getReader();
  let isDone = false;
  const read = async () => {
    const part = await reader.read();
    isDone = part.done;
    return part;
  };
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  return {
    stream,
    async drain() {
      try {
        while (!isDone) await read();
      } catch {
        // Its sender went away: nobody is left to be answered.
      }
    },
  };
}
