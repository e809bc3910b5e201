// Labels of a run: what came from where, where it may not go, and what lets a mark go.
import { PypesError } from '@pypes/contract';
import { describe, expect, it } from 'vitest';
import { machineOf, type TestComponent } from './testing/machine.suite.ts';

const step = (id: string, component: string, lines = '') =>
  `[[workflow.steps]]\nid = "${id}"\ncomponent = "${component}"\n${lines}\n`;

describe('[[forbid]]', () => {
  const COMPONENTS: { [name: string]: TestComponent } = {
    inbox: { does: { read: () => 'hello' } },
    middle: { does: { pass: (_context, { v = null }) => v } },
    market: { does: { ask: (_context, { v = null }) => v, deaf: () => 1 } },
  };
  const FORBID = '[[forbid]]\nfrom = "inbox"\nto = "market.ask"\n';
  const UNSAFE = { allowUnsafe: ['PB201'] };

  it('stops what goes through other steps', async () => {
    const { run } = await machineOf(COMPONENTS);
    const text = `${step('mail', 'inbox')}${step('copy', 'middle', 'input = { v = "{{ mail.output }}" }')}${step(
      'ask',
      'market',
      'function = "ask"\ninput = { v = "{{ copy.output }}" }',
    )}${FORBID}`;
    await expect(run(text)).rejects.toMatchObject({ code: 'policy_denied', details: { policy: 'check' } });
    await expect(run(text, {}, UNSAFE)).rejects.toMatchObject({
      details: { policy: 'forbid', from: 'inbox.read', to: 'market.ask', step: 'ask' },
    });
  });

  it('stops what decides alone, and leaves alone what has nothing to do with it', async () => {
    const { run } = await machineOf(COMPONENTS);
    const when = (called: string) =>
      `${step('mail', 'inbox')}${step('ask', 'market', `function = "${called}"\nwhen = "{{ mail.output == 'hello' }}"`)}${FORBID}`;
    await expect(run(when('ask'), {}, UNSAFE)).rejects.toMatchObject({ details: { policy: 'forbid' } });
    expect((await run(when('deaf'))).output).toBe(1);
  });

  it('stops what a component read before it calls', async () => {
    const does: TestComponent['does'] = {
      go: async (context) => context.call('ask', { v: await context.call('read', {}) }),
    };
    const { run } = await machineOf({ ...COMPONENTS, agent: { does } });
    const text = `${step('x', 'agent')}[wiring]\n"agent.read" = "inbox.read"\n"agent.ask" = "market.ask"\n${FORBID}`;
    await expect(run(text, {}, UNSAFE)).rejects.toMatchObject({ details: { policy: 'forbid', from: 'inbox.read' } });
  });

  it('stops what went through memory', async () => {
    const MEMORY = { asked: { memory: 'read-write' as const }, granted: { memory: 'read-write' as const } };
    const notes: TestComponent = {
      ...MEMORY,
      does: {
        keep: async (context, { v = null }) => {
          await context.memory.set('v', v);
          return null;
        },
        recall: async (context) => (await context.memory.get('v')) ?? null,
      },
    };
    const { run } = await machineOf({ ...COMPONENTS, notes });
    const first = `${step('mail', 'inbox')}${step('keep', 'notes', 'function = "keep"\ninput = { v = "{{ mail.output }}" }')}`;
    await run(first);
    // Another run, in which nobody has read the inbox.
    const second = `${step('recall', 'notes', 'function = "recall"')}${step('ask', 'market', 'function = "ask"\ninput = { v = "{{ recall.output }}" }')}${FORBID}`;
    await expect(run(second)).rejects.toMatchObject({ details: { policy: 'forbid', from: 'inbox.read', step: 'ask' } });
  });
});

describe('labels', () => {
  const MAIL: TestComponent = {
    does: { send: (_context, args) => args },
    functions: { send: { labels: { sends: ['message'], destinations: ['to'] } } },
  };
  const WEB: TestComponent = {
    does: { read: () => ({ title: 'T', who: 'evil@example.com' }) },
    functions: { read: { labels: { fields: { '/who': ['untrusted'] } } } },
  };
  const DIARY: TestComponent = {
    does: { today: () => 'secret' },
    functions: { today: { labels: { reads: ['private'] } } },
  };
  const LABELS = '[[policy]]\nuse = "labels"\n';

  it('go with the fields of an output, so that a clean field stays clean', async () => {
    const { run } = await machineOf({ web: WEB, mail: MAIL });
    const send = (to: string) =>
      `${step('page', 'web')}${step('m', 'mail', `input = { to = "${to}", body = "{{ page.output.who }}" }`)}${LABELS}`;
    expect((await run(send('{{ page.output.title }}'))).labels).toEqual([
      'from:mail.send',
      'from:web.read',
      'untrusted:web.read/who',
    ]);
    await expect(run(send('{{ page.output.who }}'), {}, { allowUnsafe: ['PB801'] })).rejects.toMatchObject({
      code: 'policy_denied',
      details: { policy: 'labels', mark: 'untrusted', pointer: '/to', labels: ['untrusted:web.read/who'] },
    });
  });

  it('keep private data in, unless a release is declared, typed and counted', async () => {
    const diary: TestComponent = { does: { today: (_c, { v = 'yes' }) => v }, functions: DIARY.functions ?? {} };
    const { run } = await machineOf({ diary, mail: MAIL });
    const text = (release: string) =>
      `${step('d', 'diary', 'input = { v = "{{ input.v }}" }')}${step('m', 'mail', 'input = { to = "me", body = "{{ d.output }}" }')}${LABELS}${release}`;
    const unsafe = { allowUnsafe: ['PB301', 'PB901', 'PB501', 'PB502'] };
    await expect(run(text(''), { v: 'yes' }, unsafe)).rejects.toMatchObject({
      details: { policy: 'labels', mark: 'private' },
    });
    const release = (bits: number) =>
      `[[declassify]]\nwhere = "m.input.body"\ntype = ["yes", "no"]\nbits = ${bits}\nreason = "One word"\n`;
    expect((await run(text(release(1)), { v: 'yes' }, unsafe)).output).toEqual({ to: 'me', body: 'yes' });
    await expect(run(text(release(1)), { v: 'a long story' }, unsafe)).rejects.toMatchObject({
      code: 'policy_denied',
      details: { policy: 'declassify', where: 'm.input.body' },
    });
    await expect(run(text(release(0)), { v: 'yes' }, unsafe)).rejects.toMatchObject({
      details: { policy: 'declassify' },
    });
  });

  it('reach the output, which may refuse them', async () => {
    const { run } = await machineOf({ diary: DIARY });
    const output = '[output]\nvalue = "{{ d.output }}"\nrefuses = ["private"]\n';
    await expect(run(step('d', 'diary') + output, {}, { allowUnsafe: ['PB301'] })).rejects.toMatchObject({
      code: 'policy_denied',
      details: { policy: 'refuses', labels: ['from:diary.today', 'private:diary.today'] },
    });
  });

  it('are left to the check where bits of them are free: it has counted them', async () => {
    const yes: TestComponent = {
      does: { today: () => true },
      functions: { today: { labels: { reads: ['private'] }, returns: { type: 'boolean' } } },
    };
    const shy: TestComponent = {
      does: { tell: (_context, { v = null }) => v },
      functions: { tell: { labels: { refuses: ['private'] } } },
    };
    const { run } = await machineOf({ diary: yes, shy });
    const text = `${step('d', 'diary')}${step('t', 'shy', 'input = { v = "{{ d.output }}" }')}`;
    await expect(run(text)).rejects.toMatchObject({ details: { policy: 'check' } });
    expect((await run(`${text}[flow]\nmax_private_bits = 1\n`)).output).toBe(true);
  });

  it('go with a failure that is passed over', async () => {
    const broken: TestComponent = {
      does: { today: () => Promise.reject(new PypesError('handler_failed', 'secret')) },
      functions: DIARY.functions ?? {},
    };
    const { run } = await machineOf({ diary: broken, mail: MAIL });
    const text = `${step('d', 'diary', 'on_error = "continue"')}${step('m', 'mail', 'input = { to = "me", body = "{{ d.error }}" }')}${LABELS}`;
    await expect(run(text, {}, { allowUnsafe: ['PB301', 'PB901'] })).rejects.toMatchObject({
      details: { policy: 'labels', mark: 'private' },
    });
  });

  it('are not told around a release by an error', async () => {
    const talks: TestComponent = {
      does: { today: () => Promise.reject(new PypesError('handler_failed', 'The secret is 42')) },
      functions: DIARY.functions ?? {},
    };
    const asks: TestComponent = {
      does: { ask: (context) => context.call('today', {}).catch((error: Error) => error.message) },
    };
    const { run } = await machineOf({ diary: talks, asks, mail: MAIL });
    const wired = `[wiring]\n"asks.today" = "diary.today"\n`;
    const release = (where: string) =>
      `[[declassify]]\nwhere = "${where}"\ntype = "boolean"\nbits = 1\nreason = "One bit"\n`;
    const unsafe = { allowUnsafe: ['PB301', 'PB501', 'PB502', 'PB901', 'PB703'] };
    const open = await run(step('s', 'asks') + wired, {}, unsafe);
    expect([open.output, open.labels]).toEqual(['The secret is 42', expect.arrayContaining(['private:diary.today'])]);
    const closed = await run(step('s', 'asks') + wired + release('asks.today.reply'), {}, unsafe);
    expect(String(closed.output)).not.toContain('42');
    expect(closed.labels).not.toContain('private:diary.today');

    const diary: TestComponent = { does: { today: () => 'secret 42' }, functions: DIARY.functions ?? {} };
    const other = await machineOf({ diary, mail: MAIL });
    const when = `${step('d', 'diary')}${step('m', 'mail', 'when = "{{ d.output }}"\non_error = "continue"')}[output]\nvalue = "{{ m.error }}"\n`;
    expect(String((await other.run(when, {}, unsafe)).output)).toContain('42');
    const hidden = await other.run(when + release('m.when'), {}, unsafe);
    expect(String(hidden.output)).not.toContain('42');
    expect(hidden.labels).not.toContain('private:diary.today');
  });
});
