// Evaluations over HTTP.
import { PypesError } from '@pypes/contract';
import type { EvalRequest } from '@pypes/contract/runs';
import { answerJson } from '../answers.ts';
import type { RunsCall } from './handler.ts';

export async function evaluate({ request, options, tenant, body }: RunsCall): Promise<Response> {
  if (options.evaluate === undefined) {
    throw new PypesError('unsupported', 'This service evaluates nothing; it was started without evaluations');
  }
  return answerJson(await options.evaluate(body as EvalRequest, { tenant, signal: request.signal }));
}
