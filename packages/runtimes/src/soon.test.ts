import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSoon } from './soon.ts';

afterEach(() => vi.restoreAllMocks());

const turn = () => new Promise<void>((done) => setImmediate(done));

describe('what is said', () => {
  it('together is sent once, before the turn is over, with what its promises add', async () => {
    const sent: string[] = [];
    let waiting = '';
    const soon = createSoon(() => {
      sent.push(waiting);
      waiting = '';
    });
    const say = (text: string) => {
      waiting += text;
      soon();
    };
    let isOver = false;
    setImmediate(() => {
      isOver = true;
    });
    say('a');
    await Promise.resolve();
    say('b');
    await Promise.resolve().then(() => say('c'));
    await new Promise<void>((done) => process.nextTick(done));
    expect([sent, isOver]).toEqual([['abc'], false]);
  });

  it('right behind a sending waits for the end of the turn, and no longer', async () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1_000);
    const sent: number[] = [];
    let waiting = 0;
    const soon = createSoon(() => {
      sent.push(waiting);
      waiting = 0;
    });
    const say = async () => {
      waiting += 1;
      soon();
      await new Promise<void>((done) => process.nextTick(done));
    };
    for (let said = 0; said < 4; said++) await say();
    expect(sent).toEqual([1]);
    await turn();
    expect(sent).toEqual([1, 3]);
    clock.mockReturnValue(1_001);
    await say();
    expect(sent).toEqual([1, 3, 1]);
  });
});
