// A service as a Lambda handler: one event in, one result out, within the time and the size that Lambda allows.
import { PypesError, toPypesError } from '@pypes/contract';
import { answerError } from '../../http/answers.ts';
import { type LambdaEvent, type LambdaResult, toRequest, toResult } from './lambda-events.ts';

/** What is used of Lambda's own context. */
export type LambdaContext = { getRemainingTimeInMillis?: () => number };

/** Of an answer, with its envelope: Lambda refuses more, with an error that tells the caller nothing. */
const MOST_RESULT_BYTES = 6 * 1024 * 1024;
/** For answering before Lambda ends the instance. */
const SPARE_MS = 500;

/** Never rejects. */
export function createLambdaHandler(fetch: (request: Request) => Promise<Response>) {
  return async (given: LambdaEvent | null, context: LambdaContext = {}): Promise<LambdaResult> => {
    const event = given ?? {};
    try {
      const left = context.getRemainingTimeInMillis?.();
      const signal = left === undefined ? undefined : AbortSignal.timeout(Math.max(1, left - SPARE_MS));
      const result = await toResult(event, await fetch(toRequest(event, signal)));
      return fits(result) ? result : await toResult(event, answerError(tooLarge()));
    } catch (error) {
      return toResult(event, answerError(toPypesError(error)));
    }
  };
}

/** The body travels as a JSON text in a JSON document, in which one byte may become six. */
function fits(result: LambdaResult): boolean {
  if (result.body.length < MOST_RESULT_BYTES / 8) return true;
  return Buffer.byteLength(JSON.stringify(result)) <= MOST_RESULT_BYTES;
}

function tooLarge(): PypesError {
  return new PypesError(
    'output_too_large',
    `The answer has more than the ${MOST_RESULT_BYTES} bytes that Lambda allows`,
    {
      details: { limit: 'result_bytes', maximum: MOST_RESULT_BYTES },
    },
  );
}
