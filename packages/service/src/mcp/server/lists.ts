// tools/list, prompts/list, resources/list: pages of what a caller is offered, in one order.
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { JsonObject } from '@pypes/contract';
import { SEARCH_TOOLS } from '../call/search-tools.ts';
import type { Offers } from '../catalog/offers.ts';

/** How a client wants its tools: as a list, by search, or by search where there are many. */
export type ListMode = 'all' | 'search' | 'auto';

/** How many entries a page has. */
export const PAGE = 5_000;

/** Whether a client carries the whole list. */
export function listsAll(offers: Offers, mode: ListMode, mostListed: number): boolean {
  return mode === 'all' || (mode === 'auto' && offers.tools.size <= mostListed);
}

/** The tools that a client carries. */
export function toolsFor(offers: Offers, mode: ListMode, mostListed: number): readonly JsonObject[] {
  return listsAll(offers, mode, mostListed) ? offers.listed() : SEARCH_TOOLS;
}

/** One page of a sorted list. A cursor is the name that the page before ended with. @throws ProtocolError */
export function pageOf(
  all: readonly JsonObject[],
  cursor: string | undefined,
): { readonly page: readonly JsonObject[]; readonly nextCursor?: string } {
  const start = cursor === undefined ? 0 : placeAfter(all, cursor);
  const page = all.slice(start, start + PAGE);
  const isLast = start + PAGE >= all.length;
  return isLast ? { page } : { page, nextCursor: `after ${String(page.at(-1)?.name)}` };
}

function placeAfter(all: readonly JsonObject[], cursor: string): number {
  const name = /^after (.*)$/s.exec(cursor)?.[1];
  if (name === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The cursor is none of this list');
  const next = all.findIndex((one) => String(one.name) > name);
  return next < 0 ? all.length : next;
}
