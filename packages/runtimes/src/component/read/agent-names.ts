// What exported functions are called as agents: short where that is clear, longer where two would be called the same.
import type { WitFunction } from '@pypes/wit/resolved';

type Named = { readonly path: string; readonly interface: string | null; readonly function: WitFunction };

/**
 * One name for each function, all different: the function's own; with its interface before it where another function
 * has that name; with its package and version where that is still not enough. `new-account` is a constructor,
 * `account-deposit` a method or a static function.
 */
export function nameAgents(functions: readonly Named[]): string[] {
  const spellings = functions.map((each) => {
    const own = ownName(each.function);
    if (each.interface === null) return [own, own, own];
    const [packageName = '', interfaceName = ''] = each.interface.replace(/@.*$/, '').split('/');
    const version = /@(.*)$/.exec(each.interface)?.[1];
    const whole = [packageName, interfaceName, version, own].filter((part) => part !== undefined && part !== '');
    return [
      own,
      interfaceName === '' ? own : `${interfaceName}-${own}`,
      whole.join('-').replace(/[^a-z0-9A-Z_-]/g, '-'),
    ];
  });
  for (let step = 0; step < 2; step++) {
    const counts = new Map<string, number>();
    for (const [name = ''] of spellings) counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const names of spellings) if ((counts.get(names[0] ?? '') ?? 0) > 1) names.shift();
  }
  return spellings.map(([name = '']) => name);
}

const MEMBER = /^\[([a-z-]+)\]([^.]+)(?:\.(.+))?$/;

/** `[method]account.deposit` without its brackets. */
function ownName({ name }: WitFunction): string {
  const member = MEMBER.exec(name);
  if (member === null) return name;
  const [, kind, resource = '', rest] = member;
  if (kind === 'resource-drop') return `drop-${resource}`;
  return rest === undefined ? `new-${resource}` : `${resource}-${rest}`;
}
