// Recording: what is kept of a call, when it is written, what is cut out of it, and that no call fails of it.
import { type Call, type Json, type Policy, PypesError } from '@pypes/contract';
import { describe, expect, it } from 'vitest';
import { compose } from '../compose.ts';
import { isLoss, parseRecordingLine, type RecordedRun, toRecordingLines } from './recorded-call.ts';
import { createTap, type TapOptions } from './tap.ts';

const NONE = new Set<string>();
const call = (rest: Partial<Call> = {}): Call => ({
  kind: 'agent',
  from: 'door',
  to: 'echo',
  packGuid: 'p',
  args: {},
  labels: NONE,
  run: 'r1',
  ...rest,
});
const deny: Policy = async (one, next) => {
  if (one.to === 'denied') throw new PypesError('policy_denied', 'No', { details: { policy: 'mine' } });
  return next({ ...one, args: { changed: true } });
};

function start(options: Partial<TapOptions> = {}) {
  const runs: RecordedRun[] = [];
  const errors: unknown[] = [];
  const tap = createTap({
    write: (run) => void runs.push(run),
    onError: (error) => void errors.push(error),
    now: () => 5,
    ...options,
  });
  return { runs, errors, tap };
}

describe('a tap', () => {
  it('has the arguments as they arrived, the answer as it came, and what was decided', async () => {
    const { runs, tap } = start();
    const guard = compose(
      [tap.outer, deny, async (one, next) => ({ ...(await next(one)), output: 'masked' }), tap.inner],
      async () => ({
        output: 'plain',
        labels: new Set(['private:a']),
        fields: new Map([['/x', new Set(['untrusted'])]]),
      }),
    );
    expect((await guard(call({ args: { a: 1 }, userGuid: 'u', scope: 's', context: 'c' }))).output).toBe('masked');
    await guard(call({ to: 'denied', run: 'r2', fields: new Map([['/a', new Set(['untrusted'])]]) })).catch(
      () => undefined,
    );
    expect(runs.flatMap(({ calls }) => calls)).toMatchObject([
      {
        args: { a: 1 },
        user_guid: 'u',
        scope: 's',
        context: 'c',
        root: 'r1',
        reply: { output: 'plain', labels: ['private:a'], fields: { '/x': ['untrusted'] } },
        arrived: [5, 1],
        answered: [5, 2],
        left: [5, 3],
        today: { decision: 'allow' },
      },
      {
        to: 'denied',
        args: {},
        fields: { '/a': ['untrusted'] },
        today: { decision: 'deny', code: 'policy_denied', policy: 'mine', reason: 'No' },
      },
    ]);
    expect(runs[1]?.calls[0]).not.toHaveProperty('reply');
    for (const run of runs) {
      expect(toRecordingLines(run).trim().split('\n').map(parseRecordingLine)).toEqual(run.calls);
    }
  });

  it('writes a run when its outermost call has ended, and cuts out of all of it what was opened last', async () => {
    const secrets: string[] = [];
    const hide = (value: Json): Json => {
      const text = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[cut]'), JSON.stringify(value));
      return text === JSON.stringify(value) ? value : (JSON.parse(text) as Json);
    };
    const { runs, tap } = start({ about: () => ({ hide }) });
    const guard = compose([tap.outer, tap.inner], async ({ to }) => {
      if (to === 'outer') {
        await guard(call({ to: 'inner', run: 'r2', root: 'r1', args: { text: 'has sesame in it' } }));
        expect(runs).toEqual([]);
        await guard(call({ kind: 'capability', to: 'context.vault.get', root: 'r1' }));
        throw new PypesError('handler_failed', 'sesame does not open', { details: { sesame: 1 } });
      }
      if (to === 'context.vault.get') secrets.push('sesame');
      return { output: to === 'context.vault.get' ? 'sesame' : null, labels: NONE };
    });
    await expect(guard(call({ to: 'outer', root: 'r1' }))).rejects.toThrow('sesame');
    expect(runs).toHaveLength(1);
    expect(runs[0]?.calls.map(({ to, hidden }) => [to, hidden])).toEqual([
      ['outer', true],
      ['inner', true],
      ['context.vault.get', true],
    ]);
    expect(toRecordingLines(runs[0] as RecordedRun)).not.toContain('sesame');
  });

  it('keeps no more than it may, and says how much is missing', async () => {
    const { runs, tap } = start({ mostWaitingBytes: 3_000 });
    const guard = compose([tap.outer, tap.inner], async ({ to }) => {
      if (to === 'outer')
        for (const run of ['2', '3', '4']) await guard(call({ run, root: 'r1', args: { text: 'x'.repeat(500) } }));
      return { output: 1, labels: NONE };
    });
    await guard(call({ to: 'outer', root: 'r1' }));
    expect(runs).toMatchObject([{ lost: 2, calls: [{ to: 'outer' }, { to: 'echo' }] }]);
    const [last] = toRecordingLines(runs[0] as RecordedRun)
      .trim()
      .split('\n')
      .map(parseRecordingLine)
      .slice(-1);
    expect(last !== undefined && isLoss(last) && last.lost).toBe(2);
    // What was kept has been given back.
    await guard(call({ to: 'echo', run: '9', args: { text: 'x'.repeat(500) } }));
    expect(runs[1]).toMatchObject({ lost: 0, calls: [{ args: { text: expect.any(String) } }] });
  });

  it('writes calls that outlive the outermost one by themselves', async () => {
    const { runs, tap } = start();
    const late = Promise.withResolvers<void>();
    let straggler: Promise<unknown> = Promise.resolve();
    const guard = compose([tap.outer, tap.inner], async ({ to }) => {
      if (to === 'outer') straggler = guard(call({ to: 'late', run: '2', root: 'r1' }));
      if (to === 'late') await late.promise;
      return { output: 1, labels: NONE };
    });
    await guard(call({ to: 'outer', root: 'r1' }));
    expect(runs.map(({ calls }) => calls.map(({ to }) => to))).toEqual([['outer']]);
    late.resolve();
    await straggler;
    expect(runs.map(({ calls }) => calls.map(({ to }) => to))).toEqual([['outer'], ['late']]);
  });

  it('lets calls go on whatever happens to the recording', async () => {
    const { errors, tap } = start({
      write: () => {
        throw new Error('disk');
      },
    });
    const guard = compose([tap.outer, tap.inner], async () => ({ output: 1, labels: NONE }));
    expect((await guard(call())).output).toBe(1);
    expect(errors).toEqual([new Error('disk')]);
  });

  it('never goes back in time', async () => {
    const times = [10, 4, 12, 3, 3, 20];
    const { runs, tap } = start({ now: () => times.shift() as number });
    const guard = compose([tap.outer, tap.inner], async () => ({ output: 1, labels: NONE }));
    await guard(call());
    await guard(call({ run: 'r2' }));
    expect(
      runs.flatMap(({ calls }) => calls.flatMap(({ arrived, answered, left }) => [arrived, answered, left])),
    ).toEqual([
      [10, 1],
      [10, 2],
      [12, 3],
      [12, 4],
      [12, 5],
      [20, 6],
    ]);
  });
});

describe('a line', () => {
  it('that is half, foreign or wrong is none of a recording', () => {
    const { format } = { format: 'pypes-call/1' };
    for (const text of [
      '',
      '{"format":"pypes-call/1","ru',
      '[]',
      '7',
      '{"decision":"allow"}',
      JSON.stringify({ format, root: 'r' }),
    ])
      expect(parseRecordingLine(text)).toBeUndefined();
  });
});
