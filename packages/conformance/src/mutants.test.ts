// No check passes whatever it looks at: for each there are endpoints that are wrong in one way, and it sees them.
import { describe, expect, it } from 'vitest';
import type { Check } from './check.ts';
import { CHECKS } from './checks/checks.ts';
import { runConformance } from './run-checks.ts';
import { createFake } from './testing/fake/fake.ts';
import { toTransport } from './testing/fake/http.ts';
import { BACK_MUTANTS } from './testing/mutants/back.ts';
import { ARGUMENT_MUTANTS, CALL_MUTANTS, CONCURRENCY_MUTANTS, FAILURE_MUTANTS } from './testing/mutants/call.ts';
import { DEPLOY_MUTANTS, FILE_MUTANTS } from './testing/mutants/deploy.ts';
import { INSPECT_MUTANTS, SPELLING_MUTANTS } from './testing/mutants/inspect.ts';
import { LANGUAGE_MUTANTS, SHAPE_MUTANTS, STOP_MUTANTS } from './testing/mutants/languages.ts';
import { LIMIT_MUTANTS, MEMORY_MUTANTS } from './testing/mutants/memory.ts';
import type { Mutant, Mutants } from './testing/mutants/mutate.ts';
import { EVENT_MUTANTS } from './testing/mutants/runs-events.ts';
import { LOOK_MUTANTS } from './testing/mutants/runs-look.ts';
import { START_MUTANTS } from './testing/mutants/runs-start.ts';
import { PAGE_MUTANTS, SANDBOX_MUTANTS, TOKEN_MUTANTS } from './testing/mutants/security.ts';
import { DISCOVERY_MUTANTS, UPDATE_MUTANTS } from './testing/mutants/update.ts';

const MUTANTS: Mutants = {
  ...INSPECT_MUTANTS,
  ...SPELLING_MUTANTS,
  ...DEPLOY_MUTANTS,
  ...FILE_MUTANTS,
  ...UPDATE_MUTANTS,
  ...DISCOVERY_MUTANTS,
  ...BACK_MUTANTS,
  ...CALL_MUTANTS,
  ...ARGUMENT_MUTANTS,
  ...FAILURE_MUTANTS,
  ...CONCURRENCY_MUTANTS,
  ...MEMORY_MUTANTS,
  ...LIMIT_MUTANTS,
  ...PAGE_MUTANTS,
  ...TOKEN_MUTANTS,
  ...SANDBOX_MUTANTS,
  ...LANGUAGE_MUTANTS,
  ...SHAPE_MUTANTS,
  ...STOP_MUTANTS,
  ...START_MUTANTS,
  ...EVENT_MUTANTS,
  ...LOOK_MUTANTS,
};

const groupOf = (id: string) => id.split('-')[0];

/** The checks of a group that fail, the slow ones only where they are meant. */
async function failing({ mutation, agents }: Mutant, id: string): Promise<readonly string[]> {
  const meant = (check: Check) => groupOf(check.id) === groupOf(id) && (check.slow !== true || check.id === id);
  const fake = createFake({ mutation, agents, open: groupOf(id) !== 'AUTH' && id !== 'BUNDLE-5' });
  const { outcomes } = await runConformance({
    url: 'http://127.0.0.1:1',
    transport: toTransport(fake.handle),
    checks: CHECKS.filter(meant),
    slow: true,
  });
  return outcomes.filter(({ status }) => status === 'failed').map((outcome) => outcome.id);
}

it('has a mutant for each check, and none for what is no check', () => {
  expect(Object.keys(MUTANTS).sort()).toEqual(CHECKS.map(({ id }) => id).sort());
});

describe.concurrent.each(Object.entries(MUTANTS))('%s', (id, mutants) => {
  it.each(mutants.map((mutant) => [mutant.what, mutant] as const))(
    'sees that %s',
    { timeout: 60_000 },
    async (_, mutant) => {
      const failed = await failing(mutant, id);
      expect(failed).toContain(id);
      const { also = [] } = mutant;
      if (also !== 'group') expect(failed.filter((each) => each !== id && !also.includes(each))).toEqual([]);
    },
  );
});
