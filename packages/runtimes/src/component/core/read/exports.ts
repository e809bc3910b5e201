// Whether a core module exports what this ABI asks for, with everything that is missing said at once.
import {
  AGENT_EXPORT,
  type FunctionType,
  formatType,
  isSameType,
  MEMORY_EXPORT,
  OPTIONAL_FUNCTIONS,
  REQUIRED_FUNCTIONS,
} from '../abi.ts';
import { CoreModuleError } from './errors.ts';
import type { CoreModule } from './module.ts';
import { suggest } from './suggest.ts';

/** @throws CoreModuleError with details `{missing}` */
export function checkExports(module: CoreModule): void {
  const missing: string[] = [];
  const problems: string[] = [];
  const names = module.exports.map(({ name }) => name);
  const lacks = (name: string, what: string) => {
    missing.push(name);
    problems.push(`it exports no ${what}${suggest(name, names)}`);
  };
  if (!module.exports.some(({ name, kind }) => name === MEMORY_EXPORT && kind === 'memory')) {
    lacks(MEMORY_EXPORT, `memory "${MEMORY_EXPORT}"`);
  }
  for (const [name, type] of Object.entries(REQUIRED_FUNCTIONS)) {
    const problem = problemOf(module, name, type);
    if (problem === 'missing') lacks(name, `function "${name}" ${formatType(type)}`);
    else if (problem !== undefined) problems.push(problem);
  }
  for (const [name, type] of Object.entries(OPTIONAL_FUNCTIONS)) {
    const problem = problemOf(module, name, type);
    if (problem !== undefined && problem !== 'missing') problems.push(problem);
  }
  if (problems.length === 0) return;
  const rule = `A module that is an agent exports ${MEMORY_EXPORT}, alloc, run and ${AGENT_EXPORT}`;
  throw new CoreModuleError(`The module is no agent yet: ${problems.join('; ')}. ${rule}`, { missing });
}

function problemOf(module: CoreModule, name: string, wanted: FunctionType): string | undefined {
  const found = module.exports.find((each) => each.name === name);
  if (found === undefined) return 'missing';
  if (found.kind !== 'function')
    return `its "${name}" is a ${found.kind}, it has to be a function ${formatType(wanted)}`;
  const type = module.functionType(found.index);
  if (type !== undefined && isSameType(type, wanted)) return undefined;
  const has = type === undefined ? 'of a type that is no function' : formatType(type);
  return `its function "${name}" is ${has}, it has to be ${formatType(wanted)}`;
}
