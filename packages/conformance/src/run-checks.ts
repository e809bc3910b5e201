// Runs checks against an endpoint, one after another, each with packs of its own that are gone afterwards.
import type { Check, Level } from './check.ts';
import { CHECKS } from './checks/checks.ts';
import { openSubject, type Subject, type SubjectOptions } from './subject.ts';

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
  /** No MUST has failed. */
  readonly conformant: boolean;
};

export type ConformanceOptions = SubjectOptions & {
  /** Checks that take long, too. */
  readonly slow?: boolean;
  /** Only checks whose id begins with one of these. */
  readonly only?: readonly string[];
  readonly onOutcome?: (outcome: Outcome) => void;
};

/**
 * Judges an endpoint.
 *
 * @throws Error where nothing answers, CheckFailure where what answers is no endpoint of the contract
 * @example
 * const { conformant, outcomes } = await runConformance({ url: 'http://127.0.0.1:7080' });
 */
export async function runConformance(options: ConformanceOptions): Promise<Report> {
  const subject = await openSubject(options);
  const { only, onOutcome } = options;
  const outcomes: Outcome[] = [];
  for (const check of CHECKS.filter(({ id }) => only === undefined || only.some((prefix) => id.startsWith(prefix)))) {
    const outcome = await judge(check, subject, options.slow === true);
    outcomes.push(outcome);
    onOutcome?.(outcome);
  }
  return {
    url: subject.url,
    declares: [...subject.declares].sort(),
    outcomes,
    conformant: outcomes.every(({ level, status }) => level !== 'MUST' || status !== 'failed'),
  };
}

async function judge(check: Check, subject: Subject, withSlow: boolean): Promise<Outcome> {
  const { id, level, title, needs = [] } = check;
  const about = { id, level, title };
  const missing = needs.filter((need) => !subject.declares.has(need));
  if (missing.length > 0) return { ...about, status: 'skipped', reason: `not declared: ${missing.join(', ')}`, ms: 0 };
  if (check.slow === true && !withSlow)
    return { ...about, status: 'skipped', reason: 'slow checks were not asked for', ms: 0 };
  const began = performance.now();
  const ms = () => Math.round(performance.now() - began);
  try {
    await check.run(subject);
    return { ...about, status: 'passed', ms: ms() };
  } catch (error) {
    return { ...about, status: 'failed', reason: error instanceof Error ? error.message : String(error), ms: ms() };
  } finally {
    await subject.clean();
  }
}
