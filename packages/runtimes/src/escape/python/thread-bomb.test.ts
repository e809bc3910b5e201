// Threads without end.
import { expect, it } from 'vitest';
import { describeAttack } from './attack.ts';

describeAttack('thread bomb', (attack) => {
  it.each(['', '_thread.stack_size(32768)\n'])('ends at the limit of memory or of threads %j', async (before) => {
    const body = `${before}
count = 0
try:
    while count < 100_000:
        _thread.start_new_thread(time.sleep, (60,))
        count += 1
except RuntimeError:
    pass
time.sleep(1)
return count`;
    const { error, value } = await attack(body, { head: 'import _thread, time' });
    // The kernel bounds the threads of an ordinary user, the host's look those of root.
    if (value === undefined) expect(error).toMatchObject({ code: 'resource_exhausted', details: { limit: 'threads' } });
    else expect(value).toBeLessThan(96);
  });

  it('of threads that make threads ends, too', async () => {
    const body = `
_thread.stack_size(32768)
def more():
    while True:
        try:
            _thread.start_new_thread(more, ())
        except RuntimeError:
            time.sleep(0.01)
more()`;
    const { error } = await attack(body, { head: 'import _thread, time', stopAfterMs: 1_000 });
    expect(error?.code).toMatch(/^(resource_exhausted|timeout)$/);
  });
});
