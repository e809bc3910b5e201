// Many runs at once for a cluster in trouble: accepted through all services, tried again elsewhere where one is away.
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@pypes/contract';

export type LoadKind = 'nothing' | 'says' | 'three' | 'endless';

/** A run that was answered with 202. `name` is what its steps call themselves. */
export type Accepted = { readonly run_id: string; readonly name: string; readonly kind: LoadKind };

export type LoadOptions = {
  readonly urls: readonly string[];
  readonly runs: number;
  readonly inFlight: number;
  /** How many of them never end by themselves. */
  readonly endless: number;
  /** Told of each, in the order of the answers; what it gives back is waited for by nobody. */
  readonly onAccepted: (accepted: Accepted, count: number) => void;
};

const AGAIN_MS = 50;

/** Every third is a blueprint; what is accepted twice, because an answer was lost, is one run by its key. */
export async function createLoad({
  urls,
  runs,
  inFlight,
  endless,
  onAccepted,
}: LoadOptions): Promise<readonly Accepted[]> {
  const accepted: Accepted[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let index = next++; index < runs; index = next++) {
        const name = `load-${index}`;
        const kind = kindOf(index, runs, endless);
        const { run_id } = await persistently(urls, index, '/v1/runs', requestOf(kind, name), {
          'idempotency-key': name,
        });
        const one = { run_id: String(run_id), name, kind };
        accepted.push(one);
        onAccepted(one, accepted.length);
      }
    }),
  );
  return accepted;
}

/** Asks one service after the other until one answers 202. @throws Error where one refuses for good */
export async function persistently(
  urls: readonly string[],
  first: number,
  path: string,
  body: JsonObject,
  headers: { readonly [name: string]: string } = {},
): Promise<JsonObject> {
  for (let turn = first; ; turn++) {
    try {
      const response = await fetch(`${urls[turn % urls.length]}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      const answer = (await response.json()) as JsonObject;
      if (response.status === 202) return answer;
      if (response.status < 500) throw new RefusedError(`${response.status}: ${JSON.stringify(answer)}`);
    } catch (error) {
      if (error instanceof RefusedError) throw error;
    }
    await sleep(AGAIN_MS);
  }
}

class RefusedError extends Error {}

function kindOf(index: number, runs: number, endless: number): LoadKind {
  if (index % Math.floor(runs / endless) === 1 && index < endless * Math.floor(runs / endless)) return 'endless';
  return (['nothing', 'says', 'three'] as const)[index % 3] ?? 'nothing';
}

function requestOf(kind: LoadKind, name: string): JsonObject {
  return kind === 'three' ? { blueprint: 'three', input: { id: name } } : { agent: kind, input: {} };
}
