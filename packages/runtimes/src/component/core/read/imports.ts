// Whether a core module imports nothing but what this ABI gives: the rest is refused by name, before anything runs.
import { formatType, IMPORT_MODULE, IMPORTS, isSameType } from '../abi.ts';
import { CoreModuleError } from './errors.ts';
import type { CoreImport, CoreModule } from './module.ts';

const SHOWN = 10;
const SIGNATURES = Object.entries(IMPORTS).map(([name, type]) => `${IMPORT_MODULE}.${name} ${formatType(type)}`);

/** @throws CoreModuleError with details `{imports, allowed}` */
export function checkImports({ imports }: CoreModule): void {
  const refused = imports.filter(({ module, name, kind }) => {
    return module !== IMPORT_MODULE || kind !== 'function' || !Object.hasOwn(IMPORTS, name);
  });
  if (refused.length > 0) {
    const names = refused.slice(0, SHOWN).map(describe);
    const more = refused.length > SHOWN ? ` and ${refused.length - SHOWN} more` : '';
    const allowed = `allowed are ${SIGNATURES.join(', ')}`;
    const text = `The module imports what is not there: ${names.join(', ')}${more}; ${allowed}${hintFor(refused)}`;
    throw new CoreModuleError(text, {
      imports: refused.slice(0, SHOWN).map(({ module, name }) => `${module}.${name}`),
      allowed: Object.keys(IMPORTS).map((name) => `${IMPORT_MODULE}.${name}`),
    });
  }
  for (const { name, type } of imports) {
    const wanted = IMPORTS[name];
    if (wanted === undefined || (type !== undefined && isSameType(type, wanted))) continue;
    const has = type === undefined ? 'of a type that is no function' : formatType(type);
    const text = `The module imports ${IMPORT_MODULE}.${name} as ${has}, it is ${formatType(wanted)}`;
    throw new CoreModuleError(text, { imports: [`${IMPORT_MODULE}.${name}`] });
  }
}

function describe({ module, name, kind }: CoreImport): string {
  return kind === 'function' ? `${module}.${name}` : `${module}.${name} (a ${kind})`;
}

function hintFor(refused: readonly CoreImport[]): string {
  if (refused.some(({ module }) => module.startsWith('wasi'))) {
    return '. It was built for WASI: build it without a system (freestanding), or as a component';
  }
  const known = refused.find(({ module, name }) => module !== IMPORT_MODULE && Object.hasOwn(IMPORTS, name));
  if (known !== undefined) return `. "${known.name}" comes from the module "${IMPORT_MODULE}", not "${known.module}"`;
  if (refused.some(({ kind }) => kind === 'memory')) return '. It has to have its own memory, and export it';
  return '';
}
