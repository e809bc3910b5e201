// Runs checks against an endpoint, one after another, each with packs of its own that are gone afterwards.
import type { Check, Level } from './check.ts';
import { CHECKS } from './checks/checks.ts';
import { type Endpoint, type EndpointOptions, openEndpoint } from './subject/endpoint.ts';

export type Outcome = {
  readonly id: string;
  readonly level: Level;
  readonly title: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** What was wrong, or what the endpoint does not declare. */
  readonly reason?: string;
  readonly ms: number;
};

export type Report = {
  readonly url: string;
  /** What the endpoint declares: its capability matrix. */
  readonly declares: readonly string[];
  readonly outcomes: readonly Outcome[];
  /** Packs that were deployed and could not be removed. */
  readonly left: readonly string[];
  /** No MUST has failed, and not all were skipped. */
  readonly conformant: boolean;
};

export type ConformanceOptions = EndpointOptions & {
  /** Checks that take long or move many bytes, too. */
  readonly slow?: boolean;
  /** Only these: ids (`DEPLOY-3`) and groups (`DEPLOY`). */
  readonly only?: readonly string[];
  /** The checks; default: all of them. */
  readonly checks?: readonly Check[];
  /** How long one check may take: milliseconds. */
  readonly checkMs?: number;
  readonly onOutcome?: (outcome: Outcome, index: number, count: number) => void;
};

const CHECK_MS = 60_000;
const SLOW_CHECK_MS = 300_000;
const REQUEST_MS = 30_000;
/** A call that never ends may take as long as its endpoint's limit: 60 s by default. */
const SLOW_REQUEST_MS = 120_000;

/**
 * Judges an endpoint.
 *
 * @throws NoEndpoint where nothing answers, where a token is missing, and where what answers is no endpoint;
 * the signal's reason when it aborts, once everything that was deployed is removed
 * @example
 * const { conformant, outcomes } = await runConformance({ url: 'http://127.0.0.1:7080' });
 */
export async function runConformance(options: ConformanceOptions): Promise<Report> {
  const { only, onOutcome, signal, checks = CHECKS } = options;
  const wanted = only === undefined ? checks : selectChecks(checks, only);
  const endpoint = await openEndpoint(options);
  const outcomes: Outcome[] = [];
  const left: string[] = [];
  for (const [index, check] of wanted.entries()) {
    const outcome = await judge(check, endpoint, options, left);
    signal?.throwIfAborted();
    outcomes.push(outcome);
    onOutcome?.(outcome, index, wanted.length);
  }
  return {
    url: endpoint.url,
    declares: [...endpoint.declares].sort(),
    outcomes,
    left,
    conformant:
      outcomes.some(({ status }) => status === 'passed') &&
      outcomes.every(({ level, status }) => level !== 'MUST' || status !== 'failed'),
  };
}

/** Checks by id or group. @throws RangeError where a name is neither */
export function selectChecks(checks: readonly Check[], names: readonly string[]): readonly Check[] {
  const isNamed = (id: string, name: string) => id === name || id.startsWith(`${name}-`);
  const unknown = names.find((name) => !checks.some(({ id }) => isNamed(id, name)));
  if (unknown !== undefined) throw new RangeError(`No check is called "${unknown}"; --list shows all of them`);
  return checks.filter(({ id }) => names.some((name) => isNamed(id, name)));
}

async function judge(
  check: Check,
  endpoint: Endpoint,
  { slow = false, signal, checkMs = check.slow === true ? SLOW_CHECK_MS : CHECK_MS }: ConformanceOptions,
  left: string[],
): Promise<Outcome> {
  const { id, level, title } = check;
  const about = { id, level, title };
  const reason = reasonToSkip(check, endpoint, slow);
  if (reason !== undefined) return { ...about, status: 'skipped', reason, ms: 0 };
  const began = performance.now();
  const ms = () => Math.round(performance.now() - began);
  const deadline = AbortSignal.timeout(checkMs);
  const ends = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
  const subject = endpoint.subject(ends, check.slow === true ? SLOW_REQUEST_MS : REQUEST_MS);
  try {
    await Promise.race([check.run(subject), aborted(ends)]);
    return { ...about, status: 'passed', ms: ms() };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const why = deadline.aborted ? `it took longer than ${checkMs} ms` : said;
    return { ...about, status: 'failed', reason: why.slice(0, MOST_REASON), ms: ms() };
  } finally {
    left.push(...(await subject.clean()));
  }
}

const MOST_REASON = 1_000;

function reasonToSkip({ needs = [], slow: isSlow }: Check, endpoint: Endpoint, slow: boolean): string | undefined {
  const missing = needs.filter((need) => !endpoint.declares.has(need));
  const [first] = missing;
  if (first !== undefined) return endpoint.without.get(first) ?? `not declared: ${missing.join(', ')}`;
  return isSlow === true && !slow ? 'slow checks were not asked for' : undefined;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
