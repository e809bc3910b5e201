// Questions to a person in a terminal. What is typed ahead waits for its question.
import { createInterface } from 'node:readline';

/** Somebody at a terminal. */
export interface Prompt {
  /** What is typed, without the line end; undefined where nobody types any more. */
  ask(question: string): Promise<string | undefined>;
  close(): void;
}

/** Undefined where there is no terminal: nobody can be asked. */
export function openPrompt(): Prompt | undefined {
  if (!process.stdin.isTTY) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const typed: string[] = [];
  let waiting: ((line: string | undefined) => void) | undefined;
  let closed = false;
  lines.on('line', (line) => {
    if (waiting === undefined) typed.push(line);
    else waiting(line);
    waiting = undefined;
  });
  lines.on('close', () => {
    closed = true;
    waiting?.(undefined);
  });
  return {
    ask(question) {
      // What was typed ahead outlives the end of the input.
      if (closed) process.stdout.write(question);
      else {
        lines.setPrompt(question);
        lines.prompt();
      }
      const line = typed.shift();
      if (line !== undefined || closed) return Promise.resolve(line);
      return new Promise((answered) => {
        waiting = answered;
      });
    },
    close: () => lines.close(),
  };
}

/** Whether an answer is a yes. */
export function isYes(answer: string | undefined): boolean {
  return /^\s*y(?:es)?\s*$/i.test(answer ?? '');
}
