// Sandboxed JavaScript as a language: an engine for each call under way, none shared by two users.
import { type GuestLanguage, type GuestTools, type Invocation, JsonText } from '../../../threads/guest/language.ts';
import { SandboxEngine } from './engine.ts';
import type { EngineHost } from './engine-call.ts';
import { nameOf, toFailure } from './failure.ts';
import type { SandboxPlatform } from './platform.ts';

export function createSandboxLanguage(platform: SandboxPlatform): GuestLanguage {
  return {
    toFailure,
    async load(source, tools) {
      const engines = tools.createEngines(() => SandboxEngine.create(source, nameOf(source), platform));
      const { agentText } = await engines.first();
      return {
        agentText: source.wantsAgent ? agentText : '',
        run(invocation) {
          const { args, owner } = invocation;
          const given = typeof args === 'string' ? args : JSON.stringify(args);
          const host = createHost(invocation, tools);
          const text = engines.run(owner, (engine) => engine.call(given, invocation, host));
          return typeof text === 'string' ? new JsonText(text) : text.then((late) => new JsonText(late));
        },
      };
    },
  };
}

function createHost({ call }: Invocation, { requests, stopRequested, onStop }: GuestTools): EngineHost {
  return {
    stopRequested: () => stopRequested(call),
    onStop: (listener) => onStop?.(call, listener),
    ask: (operation, parameters) => requests.askText(call, operation, parameters),
    log: (level, message, data) => call.log.write(level, message, data),
    progress: (fraction, message) => call.progress(fraction, message ?? undefined),
  };
}
