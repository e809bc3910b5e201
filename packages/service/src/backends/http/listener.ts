// Hono's adapter from node:http to Requests and Responses, which answers as we do where it has no Request to give.
import { getRequestListener, RequestError } from '@hono/node-server';
import { PypesError } from '@pypes/contract';
import { errorAnswer, toResponse } from '../../http/answers.ts';
import type { Service } from '../../http/service.ts';

/** A listener for `node:http`. `hostname` stands in for a Host header that is missing. */
export function createListener(fetch: Service['fetch'], hostname: string): ReturnType<typeof getRequestListener> {
  return getRequestListener(fetch, { hostname, errorHandler });
}

/** What reaches no route: mostly a request whose address is none. */
function errorHandler(error: unknown): Response {
  const isAddress = error instanceof RequestError;
  const message = isAddress ? `The address of the request is none: ${error.message}` : 'The service failed';
  return toResponse(errorAnswer(new PypesError(isAddress ? 'invalid_request' : 'internal', message)));
}
