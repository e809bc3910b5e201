// The shared suite in both notations, and what only LisPy agents do.
import { DEFAULT_LIMITS, type JsonObject } from '@pypes/contract';
import { describe, expect, it } from 'vitest';
import { createTestContext } from '../testing/context.ts';
import { lispyFixtures } from '../testing/fixtures/lispy.ts';
import { schemeFixtures } from '../testing/fixtures/scheme.ts';
import { sourceFile } from '../testing/source-file.ts';
import { testRuntime } from '../testing/test-runtime.ts';
import { createLispyRuntime } from './index.ts';

testRuntime('lispy', createLispyRuntime, lispyFixtures);
testRuntime('lispy (Scheme shape)', createLispyRuntime, schemeFixtures);

const load = async (text: string, filename = 'test.lispy') =>
  (await createLispyRuntime().load(sourceFile(filename, text), DEFAULT_LIMITS))[0] ?? expect.unreachable();
const run = async (text: string, args: JsonObject = {}, context = createTestContext()) =>
  (await load(text)).run(context, args);

describe('arguments', () => {
  it('reach parameters with dashes under names with dashes or underscores, and nil stands for a missing one', async () => {
    const text = '(def AGENT {:name "a"})\n(defn run [context max-days unit] [max-days unit])';
    expect(await run(text, { max_days: 3 })).toEqual([3, null]);
    expect(await run(text, { 'max-days': 4, unit: 'C' })).toEqual([4, 'C']);
  });

  it('tell who calls, under the names of either notation', async () => {
    const text =
      '(def AGENT {:name "a"})\n(defn run [context] [(:user-guid context) (get context "user_guid") (get context :agent)])';
    const context = createTestContext({ userGuid: '11111111-1111-4111-8111-111111111111', agent: 'a' });
    expect(await run(text, {}, context)).toEqual([context.userGuid, context.userGuid, 'a']);
  });

  it('cannot reach the prototypes of the host', async () => {
    const text =
      '(def AGENT {:name "a"})\n(defn run [context m] [(get m "__proto__") (get m "constructor") (get context "toString")])';
    expect(await run(text, { m: {} })).toEqual([null, null, null]);
  });
});

describe('every call', () => {
  it('has globals of its own', async () => {
    const agent = await load(
      '(def AGENT {:name "a"})\n(define count 0)\n(defn run [context] (set! count (+ count 1)) count)',
    );
    expect([await agent.run(createTestContext(), {}), await agent.run(createTestContext(), {})]).toEqual([1, 1]);
  });

  it('is slow without holding up the host', async () => {
    const agent = await load('(def AGENT {:name "a"})\n(defn run [context] (dotimes (i 900000) (* i i)) "done")');
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    expect(await agent.run(createTestContext(), {})).toBe('done');
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });

  it('crosses a limit with an error that names it', async () => {
    await expect(run('(def AGENT {:name "a"})\n(defn run [context] (while true nil))')).rejects.toMatchObject({
      code: 'resource_exhausted',
      details: { limit: 'steps' },
    });
  });
});

describe('log', () => {
  it('is a line with a level and a text, the logarithm with a number', async () => {
    const context = createTestContext();
    const text = '(def AGENT {:name "a"})\n(defn run [context] (log "warn" "careful" {:n 1}) [(log 1) (log 8 2)])';
    expect(await run(text, {}, context)).toEqual([0, 3]);
    expect(context.logs).toEqual([{ level: 'warn', message: 'careful', data: { n: 1 } }]);
    await expect(run('(def AGENT {:name "a"})\n(defn run [context] (log "loud" "x"))')).rejects.toMatchObject({
      code: 'handler_failed',
    });
  });
});

describe('computed metadata', () => {
  it('is read by running the file, within its limits', async () => {
    const agent = await load(
      '(define (title n) (string-append "agent-" (number->string n)))\n(def AGENT {:name (title 7)})\n(defn run [context] 1)',
    );
    expect(agent.metadata.name).toBe('agent-7');
    const scheme = await load(
      '(define agent-name (string-append "a" (number->string 1)))\n(define (agent-run context kwargs) nil)',
      'x_agent.lispy',
    );
    expect([scheme.metadata.name, await scheme.run(createTestContext(), {})]).toEqual(['a1', { status: 'ok' }]);
    await expect(
      load('(def AGENT (begin (while true nil) {:name "a"}))\n(defn run [context] 1)'),
    ).rejects.toMatchObject({ code: 'agent_broken' });
  });
});
