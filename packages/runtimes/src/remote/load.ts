// Has a file loaded at the other endpoint.
import type { Limits, SourceFile } from '@pypes/contract';
import { parseLoadAnswer, type RemoteLoadAnswer, toWireLimits } from '@pypes/contract/remote';
import { readAnswer, toError } from './answer.ts';
import type { RemoteClient } from './client.ts';
import type { RemoteSource } from './source.ts';

/** Metadata of at most so many bytes. */
const MOST_BYTES = 8 * 1024 * 1024;

type LoadParts = { readonly client: RemoteClient; readonly loadMs: number };
type Loaded = Extract<RemoteLoadAnswer, { readonly agents: unknown }>;

/** @throws PypesError `agent_broken` and what else is wrong there, `unavailable` where it is not as it should be */
export async function loadRemotely(
  source: RemoteSource,
  { path }: SourceFile,
  limits: Limits,
  { client, loadMs }: LoadParts,
): Promise<Loaded> {
  const send = async (withContents: boolean) => {
    const body = { file: source.toWire(withContents), limits: toWireLimits(limits) };
    const said = await client.post('load', body, { most: MOST_BYTES, timeoutMs: loadMs });
    return readAnswer(client, () => parseLoadAnswer(said));
  };
  let answer = await send(false);
  if (answer === 'unknown') answer = await send(true);
  if (answer === 'unknown') throw client.refuse(`does not know "${path}", which it was sent`);
  if ('error' in answer) throw toError(answer.error);
  return answer;
}
