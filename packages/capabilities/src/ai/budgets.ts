// How much each pack has used within its window: counted before a request for what is known, after it for the rest.
import { PypesError } from '@pypes/contract';
import type { AiBudget, AiRecord, AiSettings } from './types.ts';

const WINDOW_MS = { hour: 3_600_000, day: 86_400_000 } as const;

export interface Budgets {
  /** Takes one request from the pack's budget. @throws PypesError `resource_exhausted`, details `{limit, maximum}` */
  reserve(packGuid: string): void;
  /** Counts what a request used. */
  settle(packGuid: string, tokens: number): void;
  /** Counts what was used before this host started: a restart gives nobody a new budget. */
  recall(record: AiRecord): void;
}

type Used = { window: number; requests: number; tokens: number };

export function createBudgets(budgets: AiSettings['budgets'] = {}, now: () => number): Budgets {
  const used = new Map<string, Used>();
  const budgetOf = (packGuid: string): AiBudget | undefined =>
    Object.hasOwn(budgets, packGuid) ? budgets[packGuid] : budgets['*'];

  function usedBy(packGuid: string, budget: AiBudget, time: number): Used {
    const window = Math.floor(time / WINDOW_MS[budget.window]);
    const known = used.get(packGuid);
    if (known?.window === window) return known;
    const fresh = { window, requests: 0, tokens: 0 };
    used.set(packGuid, fresh);
    return fresh;
  }

  return {
    reserve(packGuid) {
      const budget = budgetOf(packGuid);
      if (budget === undefined) return;
      const mine = usedBy(packGuid, budget, now());
      if (budget.requests !== undefined && mine.requests >= budget.requests)
        throw over('ai_requests', budget.requests, budget);
      if (budget.tokens !== undefined && mine.tokens >= budget.tokens) throw over('ai_tokens', budget.tokens, budget);
      mine.requests += 1;
    },
    settle(packGuid, tokens) {
      const budget = budgetOf(packGuid);
      if (budget !== undefined) usedBy(packGuid, budget, now()).tokens += tokens;
    },
    recall({ time, pack_guid, prompt_tokens, completion_tokens }) {
      const budget = budgetOf(pack_guid);
      const at = Date.parse(time);
      if (
        budget === undefined ||
        Math.floor(at / WINDOW_MS[budget.window]) !== Math.floor(now() / WINDOW_MS[budget.window])
      ) {
        return;
      }
      const mine = usedBy(pack_guid, budget, now());
      mine.requests += 1;
      mine.tokens += prompt_tokens + completion_tokens;
    },
  };
}

function over(limit: string, maximum: number, { window }: AiBudget): PypesError {
  const what = limit === 'ai_tokens' ? 'tokens' : 'requests';
  return new PypesError('resource_exhausted', `The pack has used its ${maximum} ${what} of this ${window}`, {
    details: { limit, maximum },
  });
}
