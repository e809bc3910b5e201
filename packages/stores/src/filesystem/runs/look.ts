// Looks at something now and then, for as long as the process lives anyway; what fails is said, and looked at again.
import type { OnProblem } from './problem.ts';

/** Returns what ends it. The same failure is said once, until it is another one. */
export function lookEvery(ms: number, what: string, look: () => unknown, onProblem: OnProblem): () => void {
  let said = '';
  const timer = setInterval(() => {
    try {
      look();
      said = '';
    } catch (cause) {
      const message = `Cannot look ${what}: ${(cause as Error).message}`;
      if (message !== said) onProblem({ level: 'warn', message, cause });
      said = message;
    }
  }, ms);
  timer.unref();
  return () => clearInterval(timer);
}
