// The one question that the directory asks a pack: what are you now? Its path is no route, so that no request from outside has it.
import type { PackSummary } from '@pypes/contract';
import type { ObjectNamespace } from '../platform.ts';
import { readAddressee, toPackRequest } from './addressee.ts';

const ADDRESS = 'https://pack.internal/summary';

/** Undefined where there is no pack. It is answered when no change of the pack is under way. */
export async function askSummary(packs: ObjectNamespace, guid: string): Promise<PackSummary | undefined> {
  const response = await packs.get(packs.idFromName(guid)).fetch(toPackRequest(new Request(ADDRESS), guid));
  if (!response.ok) throw new Error(`The pack answered ${response.status}`);
  return ((await response.json()) as PackSummary | null) ?? undefined;
}

export function isSummaryRequest(request: Request): boolean {
  return request.url === ADDRESS && readAddressee(request) !== undefined;
}
