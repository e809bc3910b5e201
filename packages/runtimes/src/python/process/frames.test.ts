// Frames and output streams do not depend on how their bytes are cut into chunks.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameReader, encodeFrame, type Frame, joinFrames } from './frames.ts';
import { createOutputStream } from './stream.ts';

function chunksOf(data: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (data.length + 1)), data.length])].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => data.subarray(places[index], end));
}

function frameOf(tag: string, flags: number, text: string): Buffer {
  const frame = Buffer.alloc(6 + text.length);
  frame.writeUInt32LE(2 + text.length);
  frame.write(tag + String.fromCharCode(flags) + text, 4, 'latin1');
  return frame;
}

const cutting = fc.array(fc.nat(10_000), { maxLength: 12 });

describe('frames', () => {
  it('come out as they were sent, however they are cut', () => {
    const frames = fc.array(
      fc.record({ tag: fc.constantFrom('R', 'E', 'N'), flags: fc.nat(7), text: fc.string({ unit: 'grapheme-ascii' }) }),
    );
    fc.assert(
      fc.property(frames, cutting, (sent, cuts) => {
        const got: Frame[] = [];
        const read = createFrameReader((frame) => got.push(frame));
        const data = Buffer.concat(sent.map(({ tag, flags, text }) => frameOf(tag, flags, text)));
        for (const chunk of chunksOf(data, cuts)) read(chunk);
        expect(got).toEqual(sent);
      }),
    );
  });

  it('of an impossible size are refused', () => {
    const read = createFrameReader(() => {});
    expect(() => read(Buffer.from([0xff, 0xff, 0xff, 0xff]))).toThrow(RangeError);
    expect(() => createFrameReader(() => {})(Buffer.from([1, 0, 0, 0]))).toThrow(RangeError);
  });

  it('to a worker have their length in bytes, also of several that are joined', () => {
    const messages = fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(messages, fc.boolean(), (sent, isMarked) => {
        const joined = joinFrames(sent.map((message) => encodeFrame(message, isMarked ? '"first":1' : undefined)));
        let data = typeof joined === 'string' ? Buffer.from(joined, 'latin1') : joined;
        for (const message of sent) {
          const end = 4 + data.readUInt32LE();
          const text = data.toString('utf8', 4, end);
          if (!isMarked) expect(JSON.parse(text)).toEqual(message);
          else expect(text).toBe(`{"first":1,${JSON.stringify(message).slice(1)}`);
          data = data.subarray(end);
        }
        expect(data.length).toBe(0);
      }),
      { examples: [[[{ text: 'é😀' }, { text: 'e' }], false]] },
    );
  });
});

describe('output streams', () => {
  it('give the same lines and marks, however they are cut', () => {
    const calls = fc.array(
      fc.array(
        fc.string().filter((line) => !/[\n\0]/.test(line)),
        { minLength: 1, maxLength: 4 },
      ),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(calls, cutting, (outputs, cuts) => {
        const mark = '\0mark\0';
        const lines: string[] = [];
        const stream = createOutputStream(mark, (line) => lines.push(line));
        let marks = 0;
        const expectMark = (): void =>
          stream.awaitMark(() => {
            marks++;
            expectMark();
          });
        expectMark();
        const data = Buffer.from(outputs.map((output) => output.join('\n') + mark).join(''));
        for (const chunk of chunksOf(data, cuts)) stream.write(chunk);
        expect(marks).toBe(outputs.length);
        const shown = outputs.flatMap((output) => (output.at(-1) === '' ? output.slice(0, -1) : output));
        expect(lines).toEqual(shown);
      }),
    );
  });
});
