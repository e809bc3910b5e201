// Attack: speak to the host in the worker's place: what is not a frame ends the sandbox, what is one gives nothing more.
import { expect, it } from 'vitest';
import { describeAttack, python } from './attack.ts';

const HEAD = 'from pypes_worker import channel';

describeAttack('forged frames', ({ attack, expectUnharmed }) => {
  it.each([
    ['no frame at all', 'channel._wait(channel._write(channel._copy(b"\\xff" * 64)))'],
    ['a frame that says it is huge', 'channel._wait(channel._write(channel._copy(b"\\xff\\xff\\xff\\x7fR\\0")))'],
    ['a frame that is no JSON', 'channel.send(b"R", b"{")'],
    ['an unknown tag', 'channel.send(b"?", b"1")'],
    [
      'two questions at once',
      'for _ in range(9): channel.send(b"Q", b\'["memory.get", ["a"]]\')\nimport time; time.sleep(2)',
    ],
    ['a long row of notices', 'for _ in range(200_000): channel.send(channel.NOTICE, b\'["log", ["info", "x"]]\')'],
    ['an answer that is not its own', 'channel.send(b"R", b"42")\nimport time; time.sleep(1)'],
    ['its own end', 'channel._write(channel._copy(b""))\nraise SystemExit'],
  ])('%s', async (_name, body) => {
    const outcome = await attack(python(`${body}\nreturn "late"`, HEAD), { callMs: 8_000 });
    expect(outcome.error?.code ?? outcome.output).toSatisfy((value) =>
      ['handler_failed', 'resource_exhausted', 'output_too_large', 'timeout', 'late', 42].includes(value as string),
    );
    await expectUnharmed();
  });

  it('a question that the host does not know, or refuses, is refused', async () => {
    const body = `
from pypes_worker import requests, state
refused = []
for name in ("nonsense", "vault.get", "constructor", "__proto__", "fetch"):
    try:
        requests.ask(state.State.call, name, {"name": "KEY"})
    except Exception as error:
        refused.append(name)
return refused`;
    const { output } = await attack(python(body));
    expect(output).toStrictEqual(['nonsense', 'vault.get', 'constructor', '__proto__', 'fetch']);
    await expectUnharmed();
  });
});
