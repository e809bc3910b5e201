// Workflows that go wrong: failures, retries, limits, cancellation.
import { PypesError } from '@pypes/contract';
import { describe, expect, it } from 'vitest';
import { failing, gate, step, workflowOf } from '../testing/workflow.suite.ts';

describe('a failure', () => {
  const FAIL = { fail: failing('handler_failed') };

  it('stops the run, and every step that is under way', async () => {
    const never = gate();
    let stopped: unknown;
    const { run, calls } = workflowOf(
      step('slow', '', 'slow') + step('bad', '', 'fail') + step('later', 'after = ["bad"]'),
      {
        async fail() {
          await never.arrived;
          throw new PypesError('handler_failed', 'It broke');
        },
        slow: ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              stopped = signal.reason;
              reject(signal.reason);
            });
            void never.pass();
          }),
      },
    );
    await expect(run()).rejects.toMatchObject({
      code: 'handler_failed',
      message: 'Step "bad": It broke',
      details: { step: 'bad' },
    });
    expect(stopped).toMatchObject({ code: 'canceled' });
    expect(calls.map(({ step: { id } }) => id)).not.toContain('later');
  });

  it('is passed over where on_error says so', async () => {
    const { run } = workflowOf(
      step('a', 'on_error = "continue"', 'fail') +
        step('b', 'on_error = { value = { n = 7 } }', 'fail') +
        step(
          'c',
          'input = { a = "{{ a.output | default(1) }}", b = "{{ b.output.n }}", why = "{{ a.error }}", how = "{{ b.status }}" }',
        ),
      FAIL,
    );
    expect((await run()).output).toEqual({ a: 1, b: 7, why: 'Step "a": It failed with handler_failed', how: 'failed' });
  });

  it('in a template has its place and the name of its step', async () => {
    const { run } = workflowOf(step('a', 'input = { x = "{{ input.missing }}" }'));
    const failure = await run().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'invalid_input', details: { step: 'a' } });
    expect(String((failure as Error).message)).toMatch(/Step "a": Line 9, column \d+: "input\.missing"/);
  });
});

describe('retries', () => {
  it('are made after pauses that grow, until it works', async () => {
    let tries = 0;
    const { run, pauses, events } = workflowOf(step('a', 'retries = 5', 'flaky'), {
      flaky() {
        tries += 1;
        if (tries < 4) throw new PypesError('unavailable', 'Not now');
        return tries;
      },
    });
    expect((await run()).output).toBe(4);
    expect(pauses).toEqual([500, 1000, 2000]);
    expect(
      events.filter(({ type }) => type === 'step.started').map((event) => 'attempt' in event && event.attempt),
    ).toEqual([1, 2, 3, 4]);
    expect(events.filter((event) => event.type === 'step.ended' && event.retry_ms !== undefined)).toHaveLength(3);
  });

  it('end, wait as long as a refusal says, and are not made for what stays refused', async () => {
    const end = workflowOf(step('a', 'retries = 2', 'fail'), { fail: failing('timeout') });
    await expect(end.run()).rejects.toMatchObject({ code: 'timeout' });
    expect(end.calls).toHaveLength(3);
    const slow = workflowOf(step('a', 'retries = 1', 'fail'), {
      fail: failing('rate_limited', { retry_after_ms: 9_000 }),
    });
    await expect(slow.run()).rejects.toMatchObject({ code: 'rate_limited' });
    expect(slow.pauses).toEqual([9_000]);
    for (const code of ['policy_denied', 'approval_required', 'invalid_input', 'too_large', 'unknown_agent'] as const) {
      const none = workflowOf(step('a', 'retries = 3', 'fail'), { fail: failing(code) });
      await expect(none.run()).rejects.toMatchObject({ code });
      expect(none.calls).toHaveLength(1);
    }
  });
});

describe('max_payload_size', () => {
  const LIMIT = '[max_payload_size]\ndefault = 100000\na = 20\n';

  it('lets through exactly what it says, in both directions', async () => {
    // {"text":"…"} is 11 bytes and the text; a text of 18 is 20 bytes.
    const { run, calls } = workflowOf(step('a', 'input = { text = "{{ input.text }}" }', 'give') + LIMIT, {
      give: () => 'x'.repeat(18),
    });
    expect((await run({ text: 'y'.repeat(9) })).output).toHaveLength(18);
    await expect(run({ text: 'y'.repeat(10) })).rejects.toMatchObject({
      code: 'too_large',
      details: { limit: 'max_payload_size', edge: 'a', maximum: 20, step: 'a' },
    });
    expect(calls).toHaveLength(1);
    const large = workflowOf(step('a', '', 'give') + LIMIT, { give: () => 'x'.repeat(19) });
    await expect(large.run()).rejects.toMatchObject({ code: 'output_too_large', details: { maximum: 20 } });
  });

  it('stops a template that would grow beyond it before it has grown', async () => {
    const parts = Array.from({ length: 50 }, (_, index) => `p${index} = "{{ input.text }}"`).join(', ');
    const { run, calls } = workflowOf(`${step('a', `input = { ${parts} }`)}[max_payload_size]\ndefault = 1000\n`);
    await expect(run({ text: 'x'.repeat(900) })).rejects.toMatchObject({ code: 'too_large' });
    expect(calls).toEqual([]);
  });
});

describe('a run that is canceled', () => {
  it('stops all that runs, starts nothing more, and is not mended by on_error', async () => {
    const begun = gate();
    const abort = new AbortController();
    const { run, calls } = workflowOf(
      step('a', 'on_error = "continue"\nretries = 3', 'wait') + step('b', 'after = ["a"]'),
      {
        wait: ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
            void begun.pass();
          }),
      },
    );
    const running = run({}, { signal: abort.signal });
    await begun.arrived;
    abort.abort(new PypesError('canceled', 'Enough'));
    await expect(running).rejects.toMatchObject({ code: 'canceled', message: 'Enough' });
    expect(calls).toHaveLength(1);
    await expect(run({}, { signal: abort.signal })).rejects.toMatchObject({ code: 'canceled' });
    expect(calls).toHaveLength(1);
  });
});
