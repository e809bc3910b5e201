// The handler of Azure Functions on the SDK's own requests and responses.
import azure from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { createAzureHandler } from './azure-handler.ts';

const { HttpRequest, HttpResponse } = azure;

describe('an Azure handler', () => {
  it('hands on the method, address, headers and body, and the answer', async () => {
    const handler = createAzureHandler(async (request) =>
      Response.json(
        {
          method: request.method,
          url: request.url,
          type: request.headers.get('content-type'),
          body: await request.text(),
        },
        { status: 201, headers: { 'x-a': 'b' } },
      ),
    );
    const request = new HttpRequest({
      method: 'POST',
      url: 'https://app.example/api/x?a=1',
      headers: { 'content-type': 'application/json' },
      body: { string: '{"ü":1}' },
    });
    const response = new HttpResponse(await handler(request));
    expect([response.status, response.headers.get('x-a')]).toEqual([201, 'b']);
    expect(await response.json()).toEqual({
      method: 'POST',
      url: 'https://app.example/api/x?a=1',
      type: 'application/json',
      body: '{"ü":1}',
    });
  });

  it.each(['GET', 'HEAD', 'DELETE', 'OPTIONS'])('takes %s without a body, and answers without one', async (method) => {
    const handler = createAzureHandler(async (request) => {
      expect([request.method, request.body]).toEqual([method, null]);
      return new Response(null, { status: 204 });
    });
    const request = new HttpRequest({ method, url: 'https://app.example/' });
    const response = new HttpResponse(await handler(request));
    expect([response.status, await response.text()]).toEqual([204, '']);
  });

  it.each([0, 1, 3])('reads a body to its end that the service gave up after %d parts', async (wanted) => {
    let parts = 0;
    let isCanceled = false;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (++parts > 5) controller.close();
        else controller.enqueue(new Uint8Array(10));
      },
      cancel() {
        isCanceled = true;
      },
    });
    const handler = createAzureHandler(async (request) => {
      const reader = request.body?.getReader();
      for (let count = 0; count < wanted; count++) await reader?.read();
      await reader?.cancel();
      return new Response('no', { status: 413 });
    });
    const answer = await handler({
      method: 'POST',
      url: 'https://app.example/',
      headers: new Headers(),
      body,
    } as never);
    expect([answer.status, parts, isCanceled]).toEqual([413, 6, false]);
  });

  it('answers whom it can when a body breaks off', async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) });
    const handler = createAzureHandler(async () => new Response('no', { status: 401 }));
    const answer = await handler({
      method: 'POST',
      url: 'https://app.example/',
      headers: new Headers(),
      body,
    } as never);
    expect(answer.status).toBe(401);
  });
});
