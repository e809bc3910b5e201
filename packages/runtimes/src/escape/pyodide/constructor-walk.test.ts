// Attack: walk from any JavaScript object that the interpreter holds to one that makes code, or to the machine.
import { expect, it } from 'vitest';
import { describeAttack, FIND_JAVASCRIPT, python } from './attack.ts';

describeAttack('constructor walk', ({ attack, expectUnharmed }) => {
  it('no constructor of any proxy makes code', async () => {
    const body = `${FIND_JAVASCRIPT}
made = []
for proxy in proxies:
    for walk in ("constructor", "constructor.constructor", "__proto__.constructor.constructor"):
        try:
            value = proxy
            for step in walk.split("."):
                value = getattr(value, step)
            made.append(str(value("return 40 + 2")()))
        except Exception:
            pass
return {"made": [value for value in made if "42" in value], "some": len(proxies) > 0}`;
    expect((await attack(python(body))).output).toStrictEqual({ made: [], some: true });
    await expectUnharmed();
  });

  it('no proxy is, or leads by one name to, the globals of JavaScript', async () => {
    const names = ['globalThis', 'WebAssembly', 'process', 'require', 'fetch', 'WebSocket', 'setTimeout', 'Reflect'];
    const body = `${FIND_JAVASCRIPT}
found = []
for proxy in proxies:
    for name in ${JSON.stringify(names)}:
        for value in (proxy, getattr(proxy, "constructor", None)):
            if getattr(value, name, None) is not None:
                found.append([str(proxy)[:80], name])
return found`;
    expect((await attack(python(body))).output).toStrictEqual([]);
  });
});
