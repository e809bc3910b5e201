// Whom a request to a pack's object is for. The front writes it over whatever came from outside, and the object checks it.
import { toGuid } from '@pypes/contract';

const HEADER = 'pypes-pack-guid';

/** The same request for the object of a pack. */
export function toPackRequest(request: Request, guid: string): Request {
  const addressed = new Request(request);
  addressed.headers.set(HEADER, guid);
  return addressed;
}

/** The guid in its one spelling. */
export function readAddressee(request: Request): string | undefined {
  return toGuid(request.headers.get(HEADER));
}
