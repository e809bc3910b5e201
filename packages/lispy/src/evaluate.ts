/** Evaluating further source in an instance: its names, its macros, and redefinitions that reach code already there. */
import { compileForms } from './compiler/compile.ts';
import { GlobalTable, type MacroDefinition, Unit } from './compiler/unit.ts';
import { LispyError } from './errors.ts';
import { Expansion } from './expansion.ts';
import { hostProcedure } from './host-function.ts';
import type { Instance } from './instance.ts';
import { readForms } from './reader/read.ts';
import { Closure } from './values/procedure.ts';

/** What an instance keeps between evaluations. */
type Session = {
  readonly macros: Map<string, MacroDefinition>;
  readonly shadowed: Set<string>;
  readonly redefined: Set<string>;
};

const sessions = new WeakMap<Instance, Session>();

const sessionOf = (instance: Instance): Session => {
  const known = sessions.get(instance);
  if (known) return known;
  const { program, environment } = instance;
  // The program's own table is shared with other instances: go on with a copy.
  environment.table = new GlobalTable(program.table);
  const session: Session = {
    macros: new Map(program.macros),
    shadowed: new Set(program.shadowed),
    redefined: new Set([...program.redefined, ...(environment.redefinitions ?? [])]),
  };
  sessions.set(instance, session);
  return session;
};

/** Compiles source for an instance and prepares its globals; calling the result evaluates it. */
export const evaluateIn = (instance: Instance, source: string, file: string): Closure => {
  const { program, environment } = instance;
  const session = sessionOf(instance);
  const forms = readForms(source, file, environment.limits);
  const before = session.redefined.size;
  const expansion = new Expansion(
    environment.table,
    (name) => instance.get(name) ?? program.predefined(name),
    environment.limits,
  );
  const unit = new Unit({
    globals: environment.table,
    macros: session.macros,
    limits: environment.limits,
    expander: expansion,
    predefined: program.predefined,
    placeholders: program.profile?.placeholders ?? false,
    shadowed: session.shadowed,
    redefined: session.redefined,
  });
  const code = compileForms(forms, unit, (index, value) => expansion.set(index, value));
  fillGlobals(instance);
  // Code that was compiled before must notice: it is compiled again for this instance when it is next called.
  if (session.redefined.size > before) environment.redefinitions = new Set(session.redefined);
  return new Closure(code, []);
};

const fillGlobals = (instance: Instance): void => {
  const { environment, program, grants } = instance;
  const { globals, table } = environment;
  for (const [index, name] of table.names.entries()) {
    if (globals[index] !== undefined || name === '') continue;
    const grant = grants.get(name);
    globals[index] = grant ? hostProcedure(name, grant) : program.predefined(name);
  }
  if (globals.length < table.names.length) globals.length = table.names.length;
};

/** Whether a source text only lacks its end, so that a REPL should ask for another line. */
export const isIncomplete = (source: string): boolean => {
  try {
    readForms(source, '<repl>');
    return false;
  } catch (error) {
    return error instanceof LispyError && error.code === 'incomplete';
  }
};
