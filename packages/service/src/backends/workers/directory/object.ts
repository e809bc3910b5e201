// The object that keeps the list of packs, and those who ask it: JSON over requests that nobody outside can send.
import { type PackSummary, PypesError } from '@pypes/contract';
import type { LogEntry } from '../../../http/log.ts';
import { askSummary } from '../pack/summary-request.ts';
import type { ObjectNamespace, ObjectState } from '../platform.ts';
import type { Directory } from './directory.ts';
import { listPacks } from './reconcile.ts';
import { createDirectoryRows } from './rows.ts';

type Question =
  | { readonly op: 'has'; readonly guid: string }
  | { readonly op: 'announce'; readonly guid: string; readonly intent: string }
  | { readonly op: 'settle'; readonly guid: string; readonly intent: string; readonly summary?: PackSummary }
  | { readonly op: 'list' };

/** There is one. */
const NAME = 'directory';

/** Answers the questions of {@link connectDirectory}. */
export function createDirectoryObject(
  { storage }: Pick<ObjectState, 'storage'>,
  packs: ObjectNamespace,
  log: (entry: LogEntry) => void,
): { fetch(request: Request): Promise<Response> } {
  const rows = createDirectoryRows(storage);
  return {
    async fetch(request) {
      const question = (await request.json()) as Question;
      switch (question.op) {
        case 'has':
          return Response.json(rows.has(question.guid));
        case 'announce':
          return Response.json(rows.announce(question.guid, question.intent) ?? null);
        case 'settle':
          return Response.json(rows.settle(question.guid, question.intent, question.summary) ?? null);
        case 'list':
          return Response.json(await listPacks({ rows, log, ask: (guid) => askSummary(packs, guid) }));
      }
    },
  };
}

/** The directory behind its namespace. */
export function connectDirectory(namespace: ObjectNamespace): Directory {
  async function ask<T>(question: Question): Promise<T> {
    // A stub belongs to the request that asks.
    const stub = namespace.get(namespace.idFromName(NAME));
    const body = JSON.stringify(question);
    try {
      const response = await stub.fetch(new Request('https://directory.internal/', { method: 'POST', body }));
      if (!response.ok) throw new Error(`It answered ${response.status}`);
      return (await response.json()) as T;
    } catch (error) {
      throw new PypesError('unavailable', 'The list of packs does not answer; try again in a moment', { cause: error });
    }
  }
  return {
    has: (guid) => ask<boolean>({ op: 'has', guid }),
    announce: (guid, intent) => ask({ op: 'announce', guid, intent }),
    settle: (guid, intent, summary) =>
      ask({ op: 'settle', guid, intent, ...(summary === undefined ? {} : { summary }) }),
    list: () => ask<readonly PackSummary[]>({ op: 'list' }),
  };
}
