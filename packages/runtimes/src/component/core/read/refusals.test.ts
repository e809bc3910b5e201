// What is no agent is refused when it is read, with what is missing or too much by its name; nothing of it runs.
import { DEFAULT_LIMITS, PypesError } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble } from '../testing/assemble.ts';
import { running } from '../testing/load.ts';
import { readCoreModule } from './core-module.ts';

const MEMORY = '(memory (export "memory") 1)';
const ALLOC = '(func (export "alloc") (param i32) (result i32) (i32.const 64))';
const RUN = '(func (export "run") (param i32 i32) (result i64) (i64.const 0))';
const AGENT = '(global (export "AGENT") i32 (i32.const 8)) (data (i32.const 8) "{\\22name\\22:\\22x\\22}")';

function read(bytes: Uint8Array, memoryBytes = DEFAULT_LIMITS.guestBytes) {
  return readCoreModule(bytes, 'agents/x.wasm', memoryBytes);
}

async function refusal(text: string): Promise<PypesError> {
  const bytes = await assemble(text);
  try {
    read(bytes);
  } catch (error) {
    if (error instanceof PypesError) return error;
    throw error;
  }
  return expect.fail('It was not refused');
}

it('reads a whole one', async () => {
  const agent = read(await assemble(`(module ${MEMORY} ${ALLOC} ${RUN} ${AGENT})`));
  expect(agent).toMatchObject({ metadata: { name: 'x' }, waits: false, starts: false, resets: false });
});

describe('exports', () => {
  it.each([
    ['memory', `${ALLOC} ${RUN} ${AGENT} (memory 1)`],
    ['alloc', `${MEMORY} ${RUN} ${AGENT}`],
    ['run', `${MEMORY} ${ALLOC} ${AGENT}`],
  ])('names the missing "%s"', async (name, fields) => {
    expect(await refusal(`(module ${fields})`)).toMatchObject({
      code: 'agent_broken',
      details: { file: 'agents/x.wasm', missing: [name] },
    });
  });

  it('names all that is missing at once', async () => {
    expect((await refusal(`(module ${AGENT} (memory 1))`)).details).toMatchObject({
      missing: ['memory', 'alloc', 'run'],
    });
  });

  it.each([
    ['_run', 'run'],
    ['Run', 'run'],
    ['rnu', 'run'],
    ['runs', 'run'],
    ['agent_run', 'run'],
    ['malloc', 'alloc'],
    ['_alloc', 'alloc'],
    ['Memory', 'memory'],
    ['agent', 'AGENT'],
  ])('asks whether "%s" was meant to be "%s"', async (spelled, wanted) => {
    const whole = `(module ${MEMORY} ${ALLOC} ${RUN} ${AGENT})`;
    const { message } = await refusal(whole.replace(`"${wanted}"`, `"${spelled}"`));
    expect(message).toContain(`"${spelled}": did you mean that?`);
  });

  it('does not guess where nothing is near', async () => {
    expect((await refusal(`(module ${MEMORY} ${ALLOC} ${AGENT} (export "walk" (func 0)))`)).message).not.toMatch(
      /mean/,
    );
  });

  it.each([
    ['a run that gives an address', RUN.replace('i64)', 'i32)').replace('i64.const', 'i32.const')],
    ['a run without parameters', '(func (export "run") (result i64) (i64.const 0))'],
    ['a run that is a memory', '(export "run" (memory 0))'],
    ['a reset with a result', `${RUN} (func (export "reset") (result i32) (i32.const 0))`],
  ])('refuses %s', async (_what, run) => {
    expect(await refusal(`(module ${MEMORY} ${ALLOC} ${run} ${AGENT})`)).toMatchObject({ code: 'agent_broken' });
  });
});

describe('imports', () => {
  it.each([
    ['wasi_snapshot_preview1.fd_write', '(func (param i32 i32 i32 i32) (result i32))'],
    ['env.abort', '(func (param i32 i32 i32 i32))'],
    ['env.memory', '(memory 1)'],
    ['pypes.table', '(table 1 funcref)'],
    ['pypes.eval', '(func (param i32 i32))'],
    ['pypes.toString', '(func)'],
    ['env.log', '(func (param i32 i32 i32))'],
    ['pypes.stack', '(global (mut i32))'],
  ])('refuses %s by its name, and says what there is', async (name, what) => {
    const [module, field] = name.split('.');
    const text = `(module (import "${module}" "${field}" ${what}) ${MEMORY.replace('(memory', '(memory $own')} ${ALLOC} ${RUN} ${AGENT})`;
    expect((await refusal(text)).details).toMatchObject({
      imports: [name],
      allowed: ['pypes.log', 'pypes.progress', 'pypes.use', 'pypes.now', 'pypes.random'],
    });
  });

  it('refuses one of another type', async () => {
    const text = `(module (import "pypes" "log" (func (param i64))) ${MEMORY} ${ALLOC} ${RUN} ${AGENT})`;
    expect((await refusal(text)).details).toMatchObject({ imports: ['pypes.log'] });
  });
});

describe('memory and tables', () => {
  it.each([
    ['two memories', `${MEMORY} (memory 1)`],
    ['a shared memory', '(memory (export "memory") 1 2 shared)'],
    ['a memory of 64 bits', '(memory (export "memory") i64 1)'],
    ['a memory that begins too large', '(memory (export "memory") 65536)'],
    ['a table that begins too large', `${MEMORY} (table 1000000 funcref)`],
    ['tables that are too many', `${MEMORY} ${'(table 1 funcref)'.repeat(17)}`],
  ])('refuses %s', async (_what, memory) => {
    expect(await refusal(`(module ${memory} ${ALLOC} ${RUN} ${AGENT})`)).toMatchObject({
      code: 'agent_broken',
      details: { file: 'agents/x.wasm' },
    });
  });
});

describe('AGENT', () => {
  const without = `${MEMORY} ${ALLOC} ${RUN}`;
  const section = (text: string) => `(@custom "pypes:agent" "${text}")`;

  it('is read from a custom section', async () => {
    const text = `(module ${without} ${section('{\\22name\\22:\\22\\c3\\a9\\22}')})`;
    expect(read(await assemble(text)).metadata).toMatchObject({ name: 'é' });
  });

  it('is what memory would hold, where data overlaps', async () => {
    const text = `(module ${without} ${AGENT} (data (i32.const 17) "yy\\22}"))`;
    expect(read(await assemble(text)).metadata).toMatchObject({ name: 'yy' });
  });

  it.each([
    ['is missing', ''],
    ['is there twice', `${AGENT} ${section('{}')}`],
    ['is in two sections', section('{}') + section('{}')],
    ['is a function', '(func (export "AGENT") (result i64) (i64.const 0))'],
    ['is a global that changes', '(global (export "AGENT") (mut i32) (i32.const 8)) (data (i32.const 8) "{}")'],
    ['is a wide global', '(global (export "AGENT") i64 (i64.const 8)) (data (i32.const 8) "{}")'],
    ['points beyond the data', '(global (export "AGENT") i32 (i32.const 9000)) (data (i32.const 8) "{}")'],
    ['points to the last address there is', '(global (export "AGENT") i32 (i32.const -1)) (data (i32.const 8) "{}")'],
    ['is no JSON', section('{name: 1}')],
    ['is no UTF-8', section('\\ff\\fe')],
    ['is a list', section('[]')],
    ['has no name', section('{}')],
    ['has parameters of another kind', section('{\\22name\\22:\\22x\\22,\\22parameters\\22:7}')],
    ['is too large', section(`{\\22name\\22:\\22x\\22,\\22more\\22:\\22${'y'.repeat(70_000)}\\22}`)],
    ['does not end', `(global (export "AGENT") i32 (i32.const 8)) (data (i32.const 8) "${'y'.repeat(65_537)}")`],
    ['is nested too deeply', section(`{\\22name\\22:\\22x\\22,\\22more\\22:${'['.repeat(600)}${']'.repeat(600)}}`)],
  ])('is refused where it %s', async (_what, fields) => {
    expect(await refusal(`(module ${without} ${fields})`)).toMatchObject({
      code: 'agent_broken',
      details: { file: 'agents/x.wasm' },
    });
  });
});

describe('bytes', () => {
  const refusedOrRead = (bytes: Uint8Array) => {
    try {
      read(bytes);
    } catch (error) {
      expect(error).toMatchObject({ name: 'PypesError', code: 'agent_broken' });
    }
  };

  it('never make the reader fail in another way, cut off anywhere', async () => {
    const bytes = await assemble(running('(i64.const 0)', { imports: ['log', 'use'] }));
    for (let length = 8; length < bytes.length; length++) refusedOrRead(bytes.subarray(0, length));
  });

  it('never make the reader fail in another way, changed anywhere', async () => {
    const bytes = await assemble(running('(i64.const 0)', { imports: ['log', 'use'] }));
    const change = fc.record({
      at: fc.integer({ min: 8, max: bytes.length - 1 }),
      to: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const changed = Uint8Array.from(bytes);
        for (const { at, to } of changes) changed[at] = to;
        refusedOrRead(changed);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are refused where a section claims what it does not have', () => {
    const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    for (const section of [
      [1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f],
      [7, 0xff, 0xff, 0xff, 0xff, 0x7f],
      [2, 6, 1, 0xff, 0xff, 0xff, 0xff, 0x0f],
      [11, 3, 1, 0, 0x41],
    ]) {
      expect(() => read(Uint8Array.from([...header, ...section]))).toThrowError(
        expect.objectContaining({ code: 'agent_broken' }),
      );
    }
  });
});
