// JavaScript inside a thread of Node: the agent's module is imported, its `run` called.
import { type GuestLanguage, readArguments } from '../../threads/guest/language.ts';
import { captureOutput } from './console.ts';
import { createContext } from './context.ts';
import { toFailure } from './failure.ts';
import { loadModule } from './module.ts';

export const language: GuestLanguage = {
  toFailure,
  async load(source, { requests }) {
    captureOutput();
    const { run, agentText } = await loadModule(source);
    return {
      agentText,
      run: (invocation) => run(createContext(invocation, requests), readArguments(invocation.args)),
    };
  },
};
