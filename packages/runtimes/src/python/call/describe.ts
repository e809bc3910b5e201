// Loads a file in a worker of its pack, within the time of a call, only to learn what it exports.
import { type Limits, PypesError } from '@pypes/contract';
import type { FoundAgent } from '../inspect/inspector.ts';
import type { PoolJob } from '../pool/group.ts';
import type { Pool } from '../pool/pool.ts';
import { explainEnd } from '../sandbox/end.ts';
import { groupOf, type WorkerFile } from './call.ts';
import { toFailure } from './failure.ts';

/** @throws PypesError `agent_broken` */
export function describeFile(
  pool: Pool,
  file: WorkerFile,
  path: string,
  limits: Limits,
): Promise<readonly FoundAgent[]> {
  return new Promise((resolve, reject) => {
    const group = groupOf(file);
    const timer = setTimeout(() => {
      const message = `"${path}" was still loading after ${limits.callMs} ms and was stopped`;
      const error = new PypesError('agent_broken', message, { details: { file: path } });
      pool.cancel(group, job, error);
      reject(error);
    }, limits.callMs);
    const job: PoolJob = {
      message: { op: 'describe', ...{ key: file.key } },
      file,
      limits,
      onRequest: (worker) =>
        worker.reply({ code: 'unsupported', message: 'A file that is being loaded has no context' }),
      onNotice: () => {},
      onLine: () => {},
      onAnswer(isResult, answer) {
        clearTimeout(timer);
        if (!isResult) reject(toFailure(answer));
        else if (isFound(answer)) resolve(answer);
        else reject(new PypesError('agent_broken', `"${path}" has no agents`, { details: { file: path } }));
      },
      onEnd(ended) {
        clearTimeout(timer);
        const error = file.isConfined ? explainEnd(ended, limits) : ended;
        if (error.code !== 'handler_failed' && error.code !== 'resource_exhausted') return reject(error);
        const message = `"${path}" ended its Python process while it was loaded: ${error.message}`;
        reject(new PypesError('agent_broken', message, { details: { ...error.details, file: path } }));
      },
      onRefused(error) {
        clearTimeout(timer);
        reject(error);
      },
    };
    pool.submit(group, job);
  });
}

function isFound(answer: unknown): answer is readonly FoundAgent[] {
  return Array.isArray(answer) && answer.every((agent: unknown) => typeof (agent as FoundAgent)?.selector === 'string');
}
