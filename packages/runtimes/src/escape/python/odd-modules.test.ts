// Importing whatever there is: every module of the standard library, and the worker's own.
import { expect, it } from 'vitest';
import { describeAttack } from './attack.ts';

describeAttack('odd modules', (attack) => {
  it('can all be imported without harm', async () => {
    const body = `
imported = 0
for name in sorted(sys.stdlib_module_names - {"this", "antigravity", "idlelib", "turtle", "tkinter"}):
    try:
        __import__(name)
        imported += 1
    except Exception:
        pass
return imported`;
    const { value } = await attack(body, { head: 'import sys', stopAfterMs: 20_000 });
    expect(value).toBeGreaterThan(150);
  });

  it("of the worker's own give nothing of another call", async () => {
    const body = `
from pypes_worker import call, channel, modules, state
channel.is_owner = lambda: False
texts = [file.source for file in modules.files.values()]
return [len(texts), state.State.call.context.user_guid]`;
    expect((await attack(body)).value).toEqual([1, 'mallory']);
  });

  it('that the operator did not allow are not there', async () => {
    const body =
      'import importlib.util\nreturn [n for n in ("pip", "setuptools", "site_packages", "yaml", "certifi") if importlib.util.find_spec(n)]';
    expect((await attack(body)).value).toEqual([]);
  });
});
