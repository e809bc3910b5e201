// What a command of the publisher says: whether the change is public, and whose signatures it waits for.
import type { Outcome } from '@pypes/registry';

/** Prints facts as JSON where that was asked for, else lines. */
export function print(json: boolean | undefined, facts: object, lines: readonly string[]): void {
  if (json === true) console.log(JSON.stringify({ status: 'ok', ...facts }));
  else for (const line of lines) console.log(line);
}

export function printOutcome(json: boolean | undefined, outcome: Outcome, done: string): void {
  const waiting = outcome.waiting.map(({ role, version, signedBy, needs }) => {
    const wanted = needs.map(
      ({ threshold, keyIds }) => `${threshold} of ${keyIds.map((id) => id.slice(0, 12)).join(', ')}`,
    );
    return `  waits: ${role} version ${version}, signed by ${signedBy.length}, needs ${wanted.join(' and ')}`;
  });
  const head = outcome.published
    ? done
    : `${done}, not public yet; further key holders run: pypes registry sign FOLDER`;
  print(json, outcome, [head, ...waiting]);
}
