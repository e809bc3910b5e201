// What Restate sends when it has an attempt's end in its journal already, and the attempt begins once more.
import { once } from 'node:events';
import { connect } from 'node:http2';
import { afterEach, expect, test } from 'vitest';
import { freePorts } from '../testing/free-ports.ts';
import { createRestateEngine } from './index.ts';

const START = 0x0000;
const ERROR = 0x0002;
const END = 0x0003;
const INPUT = 0x0400;
const OUTPUT = 0x0401;
const MEDIA_TYPE = 'application/vnd.restate.invocation.v5';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A field of a protobuf message: bytes, or a small number. */
function field(number: number, value: Uint8Array | number): Buffer {
  if (typeof value === 'number') return Buffer.from([number << 3, value]);
  return Buffer.concat([Buffer.from([(number << 3) | 2, value.length]), value]);
}

/** A message of Restate's protocol: its type, its flags, its length, its fields. */
function message(type: number, ...fields: readonly Buffer[]): Buffer {
  const body = Buffer.concat(fields);
  const head = Buffer.alloc(8);
  head.writeUInt16BE(type, 0);
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

const text = (value: string) => Buffer.from(value);
const started = (entries: number) => message(START, field(1, text('inv')), field(2, text('inv')), field(3, entries));
const input = message(INPUT, field(14, field(1, text('{"tenant":"t","run_id":"r"}'))));
/** Nothing was given back. */
const output = message(OUTPUT, field(14, Buffer.alloc(0)));

/** What a worker answers to such a journal, as the types of its messages, and what it executed. */
async function attempt(...journal: readonly Buffer[]) {
  const [port = 0] = await freePorts(1);
  const engine = createRestateEngine({ ingressUrl: 'http://127.0.0.1:9', worker: { port, drainMs: 0 } });
  closing.push(() => engine.close());
  const executed: string[] = [];
  await engine.work(async ({ run_id }) => void executed.push(run_id));
  const session = connect(`http://127.0.0.1:${port}`);
  const stream = session.request({
    ':method': 'POST',
    ':path': '/invoke/pypes_runs/run',
    'content-type': MEDIA_TYPE,
    accept: MEDIA_TYPE,
  });
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.end(Buffer.concat([started(journal.length), ...journal]));
  await once(stream, 'close');
  session.close();
  const answer = Buffer.concat(chunks);
  const types: number[] = [];
  for (let at = 0; at < answer.length; at += 8 + answer.readUInt32BE(at + 4)) types.push(answer.readUInt16BE(at));
  return { types, executed };
}

test('a run that begins is executed', async () => {
  const { types, executed } = await attempt(input);
  expect([types, executed]).toEqual([[OUTPUT, END], ['r']]);
});

test('an attempt whose end is in the journal repeats it, and nothing else', async () => {
  const { types, executed } = await attempt(input, output);
  expect(types).not.toContain(ERROR);
  expect([types, executed]).toEqual([[END], []]);
});
