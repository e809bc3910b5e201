// Attack: import JavaScript's names, or Pyodide's own modules that lead to them.
import { expect, it } from 'vitest';
import { describeAttack, python } from './attack.ts';

const NAMES = ['js', 'pyodide', 'pyodide.code', 'pyodide.ffi', 'pyodide.http', '_pyodide', '_pyodide_core', 'micropip'];

describeAttack('javascript names', ({ attack, expectUnharmed }) => {
  it('none can be imported', async () => {
    const body = `
import importlib
worked = []
for name in ${JSON.stringify(NAMES)}:
    for load in (__import__, importlib.import_module, lambda name: importlib.util.find_spec(name).loader.load_module(name)):
        try:
            load(name)
            worked.append(name)
        except (ImportError, AttributeError, ValueError):
            pass
return worked`;
    expect((await attack(python(body, 'import importlib.util'))).output).toStrictEqual([]);
    await expectUnharmed();
  });

  it('what stands in for pyodide_js is plain Python', async () => {
    const body = 'import pyodide_js\nreturn sorted(name for name in dir(pyodide_js) if name[0] != "_")';
    expect((await attack(python(body))).output).toStrictEqual([]);
  });

  it('run_js is not among the objects of the interpreter with anything behind it', async () => {
    const body = `
import gc, types
for value in gc.get_objects():
    if isinstance(value, types.FunctionType) and value.__name__ in ("run_js", "eval_code"):
        try:
            return repr(value("1 + 1"))
        except Exception as error:
            pass
return None`;
    const { output } = await attack(python(body));
    // eval_code runs Python, which the agent can do anyway.
    expect([null, '2']).toContain(output);
  });
});
