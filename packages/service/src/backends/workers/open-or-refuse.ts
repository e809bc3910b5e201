// A part of the Worker that may not serve, because of what its settings say, says so to whoever asks.
import { PypesError, toPypesError } from '@pypes/contract';
import { answerError } from '../../http/answers.ts';
import { createWorkerLog } from './log.ts';

export type Answering = { fetch(request: Request): Promise<Response> };

/** A Worker cannot refuse to start: one that may not serve says why, to everybody. */
export function openOrRefuse(open: () => Answering): Answering {
  try {
    return open();
  } catch (error) {
    const { message } = toPypesError(error);
    createWorkerLog('error')({ level: 'error', event: 'service.refused', message });
    return { fetch: async () => answerError(new PypesError('unavailable', `This endpoint is not set up: ${message}`)) };
  }
}
