/** A REPL's side of the language: one instance that more and more source is evaluated in. */

import type { Instance, InstanceOptions } from './instance.ts';
import { type CompileOptions, compileProgram } from './program.ts';

/**
 * An instance with nothing in it yet, for reading line by line.
 *
 * @example
 * const repl = createRepl();
 * await repl.evaluate('(define x 20)');
 * await repl.evaluate('(+ x 22)'); // 42
 */
export const createRepl = (options: InstanceOptions & Pick<CompileOptions, 'profile'> = {}): Instance =>
  compileProgram('', options.profile === undefined ? {} : { profile: options.profile }).instantiate(options);
