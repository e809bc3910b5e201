// wasi:cli: no arguments, no environment, no input; what is printed becomes lines of the call's log.
import { ExitError } from '../failure.ts';
import type { CurrentCall } from '../import-function.ts';
import { InputStream, OutputStream } from './io.ts';

class TerminalInput {}
class TerminalOutput {}

export function createCli(current: CurrentCall): { readonly [name: string]: object } {
  const printer = (level: string) => {
    const decoder = new TextDecoder();
    return new OutputStream((bytes) => {
      current.lifted();
      current.call?.invocation.call.log.print(level, decoder.decode(bytes, { stream: true }));
    });
  };
  const exit = (status: { readonly tag: string }) => {
    throw new ExitError(`The component ended itself (wasi:cli/exit, ${status.tag})`);
  };
  return {
    'cli/environment': {
      getEnvironment: () => [],
      getArguments: () => [],
      initialCwd: () => undefined,
    },
    'cli/exit': { exit, exitWithCode: (code: number) => exit({ tag: `code ${code}` }) },
    'cli/stdin': { getStdin: () => new InputStream() },
    'cli/stdout': { getStdout: () => printer('info') },
    'cli/stderr': { getStderr: () => printer('warn') },
    'cli/terminal-input': { TerminalInput },
    'cli/terminal-output': { TerminalOutput },
    'cli/terminal-stdin': { getTerminalStdin: () => undefined },
    'cli/terminal-stdout': { getTerminalStdout: () => undefined },
    'cli/terminal-stderr': { getTerminalStderr: () => undefined },
  };
}
