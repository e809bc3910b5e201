// What the tests of Pyodide share: where they are skipped, and why.
import { describe } from 'vitest';
import { findWorkerd } from './workerd.ts';

/** A `describe` that runs where there is workerd, an optional dependency. */
export function describePyodide(name: string, body: () => void): void {
  if (findWorkerd() !== undefined) describe(name, body);
  else describe.skip(`${name} (skipped: there is no workerd; npm i workerd)`, body);
}
