// Looking for other callers' data in the worker's own memory: objects, frames, raw bytes.
import { expect, it } from 'vitest';
import { agentFile } from '../../python/testing.ts';
import { createTestContext } from '../../testing/context.ts';
import { describeAttack, SECRET } from './attack.ts';

const HEAD = `
import gc, sys
def count(needle):
    found = 0
    for thing in gc.get_objects():
        try:
            found += needle in repr(thing)[:5000]
        except Exception:
            pass
    frame = sys._getframe()
    while frame:
        found += needle in repr(frame.f_locals)[:5000]
        frame = frame.f_back
    return found
def differs(backwards, control):
    return count(backwards[::-1]) != count(control[::-1])
`;
const reverse = (text: string) => [...text].reverse().join('');
/** As long as the secret, and nowhere. */
const CONTROL = reverse('zyxwvutsrqponmlkjihgf'.slice(0, SECRET.length));

describeAttack('other calls', (attack, load) => {
  it('of other packs are found neither by walking objects nor in frames', async () => {
    const args = { backwards: reverse(SECRET), control: CONTROL };
    const { value } = await attack('return differs(args["backwards"], args["control"])', { head: HEAD, args });
    expect(value).toBe(false);
  });

  it('of another user leave nothing in the process that serves the next', async () => {
    const head = `${HEAD}KEPT = []`;
    const agent = await load(
      agentFile('KEPT.append(args.get("secret"))\nreturn differs(args["backwards"], args["control"])', head),
    );
    const args = { backwards: reverse(SECRET), control: CONTROL };
    const ask = (userGuid: string, more = {}) => agent.run(createTestContext({ userGuid }), { ...args, ...more });
    expect(await ask('ann', { secret: SECRET })).toBe(true);
    expect(await ask('ann')).toBe(true);
    expect(await ask('eve')).toBe(false);
  });
});
