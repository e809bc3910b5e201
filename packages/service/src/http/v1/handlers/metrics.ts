// Measurements over HTTP, for the operator.
import { PypesError } from '@pypes/contract';
import type { RunsCall } from './handler.ts';

export async function metrics({ options }: RunsCall): Promise<Response> {
  if (options.metrics === undefined) throw new PypesError('not_found', 'This service measures nothing');
  return new Response(await options.metrics(), {
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' },
  });
}
