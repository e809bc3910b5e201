// Who follows runs in this process, told of changes of this process at once, and of those of others as they are heard.
import type { RunLines, RunRef } from '@pypes/contract/runs';
import { createFollowers, type OnChange } from '../run-followers.ts';
import { createListener } from './listener.ts';
import type { Settings } from './options.ts';
import { keyOf } from './rows.ts';

/** What statements send: who, what, and for `changed` and `cancel` which run. */
export type ChangeKind = 'new' | 'changed' | 'cancel';

export interface Changes {
  /** Before anybody follows: whoever does then misses nothing, and is not called for nothing. */
  start(): Promise<void>;
  follow(ref: RunRef, onChange: OnChange): () => void;
  watch(onChange: () => void): () => void;
  /** This process changed it; `added` are the events that it got by that, where nothing else may have happened. */
  notify(ref: RunRef, added?: RunLines): void;
  close(): Promise<void>;
}

/** No key of a run is a word alone. */
const WATCHERS = 'watchers';
const EVERYBODY = 'everybody';

/** `origin` is the name of this process in what it sends, so that it does not hear itself. */
export function createChanges(settings: Settings, channel: string, origin: string): Changes {
  const followers = createFollowers();
  const listener = createListener({
    settings,
    channel,
    onMessage: hear,
    onGap: () => followers.notify(EVERYBODY),
  });

  function hear(payload: string): void {
    const message = parse(payload);
    const [from, kind, ...names] = message ?? [];
    if (message !== undefined && from === origin) return;
    if (message === undefined) followers.notify(EVERYBODY);
    if (kind !== 'changed') followers.notify(WATCHERS);
    if (kind !== 'new') followers.notify(JSON.stringify(names));
  }

  function add(key: string, onChange: OnChange): () => void {
    const ends = [followers.add(key, onChange), followers.add(EVERYBODY, () => onChange())];
    return () => {
      for (const end of ends) end();
    };
  }

  return {
    start: () => listener.start(),
    follow: (ref, onChange) => add(keyOf(ref), onChange),
    watch: (onChange) => add(WATCHERS, onChange),
    notify: (ref, added) => followers.notify(keyOf(ref), added),
    close: () => listener.close(),
  };
}

function parse(payload: string): readonly string[] | undefined {
  try {
    const message: unknown = JSON.parse(payload);
    return Array.isArray(message) && message.every((part) => typeof part === 'string') ? message : undefined;
  } catch {
    return undefined;
  }
}
