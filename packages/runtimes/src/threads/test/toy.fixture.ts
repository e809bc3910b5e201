// A language for tests: whatever the file says, a call tells where it runs, or computes until it is told to stop.
import { BroadcastChannel, threadId, threadName, workerData } from 'node:worker_threads';
import { version } from 'acorn';
import { type GuestLanguage, readArguments } from '../guest/language.ts';
import type { ThreadData } from '../wire/messages.ts';

export const language: GuestLanguage = {
  toFailure: (thrown) => ({ code: 'handler_failed', message: String(thrown) }),
  async load(source, { stopRequested }) {
    return {
      agentText: source.wantsAgent ? JSON.stringify({ name: 'toy' }) : '',
      run({ call, userGuid, packGuid, agent, args }) {
        const { channel } = readArguments(args) as { readonly channel?: string };
        if (channel !== undefined) {
          // It leaves at once, though the event loop of this thread stands still from here on.
          new BroadcastChannel(channel).postMessage('computing');
          while (!stopRequested(call));
        }
        const modules = [...(workerData as ThreadData).modules.keys()];
        return { threadId, threadName, packageVersion: version, modules, about: [userGuid, packGuid, agent] };
      },
    };
  },
};
