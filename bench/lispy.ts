// LisPy against other Lisps that run in JavaScript, as ratios.
import { measureLispy as measureEngines } from './lispy/measure.ts';
import type { Row } from './rows.ts';

const RIVALS = [
  { name: 'SCI (nbb)', key: 'sci_ms', goal: 5 },
  { name: 'SCI without code generation', key: 'sci_interpreted_ms', goal: 5 },
  { name: 'LIPS', key: 'lips_ms', goal: 10 },
  { name: 'BiwaScheme', key: 'biwa_ms', goal: 10 },
] as const;

/** How many times faster LisPy evaluates each task than each rival that is installed. */
export async function measureLispy(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const task of measureEngines()) {
    if (task.sci_ms !== undefined) {
      rows.push({
        name: `JavaScript itself, ${task.name}: times faster than SCI (nbb)`,
        value: task.sci_ms / task.javascript_ms,
        goal: '–',
        ok: true,
        ours: Number(task.javascript_ms.toPrecision(3)),
        theirs: Number(task.sci_ms.toPrecision(3)),
        unit: 'ms',
      });
    }
    for (const { name, key, goal } of RIVALS) {
      const theirs = task[key];
      if (theirs === undefined) continue;
      const value = theirs / task.ours_ms;
      rows.push({
        name: `LisPy, ${task.name}: times faster than ${name}`,
        value,
        goal: `≥ ${goal}`,
        ok: value >= goal,
        ours: Number(task.ours_ms.toPrecision(3)),
        theirs: Number(theirs.toPrecision(3)),
        unit: 'ms',
      });
    }
  }
  return rows;
}
