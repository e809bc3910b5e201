// The runs of a folder for a process that only looks: it takes no journal, and writes nothing.
import type { RunStore } from '@pypes/contract/runs';
import { createFollowers } from '../../run-followers.ts';
import { type ForeignJournal, openForeignJournal } from './foreign.ts';
import { listRunJournals } from './journal-folders.ts';
import { lookEvery } from './look.ts';
import { warnProcess } from './problem.ts';
import type { RunState } from './state.ts';
import { liveKey } from './view.ts';

/** What can be done without changing anything. */
export type RunReader = Pick<RunStore, 'get' | 'list' | 'read' | 'last' | 'follow' | 'close'>;

const LOOK_MS = 100;

/** All runs in a folder, whoever writes them; also where the folder cannot be written, or is not there. */
export function openRunReader({ folder }: { readonly folder: string }): RunReader {
  const journals = new Map<string, ForeignJournal>();
  const followers = createFollowers();
  const onChange = (state: RunState) => followers.notify(liveKey(state));
  const stop = lookEvery(LOOK_MS, `at the runs in ${folder}`, () => followers.size > 0 && look(), warnProcess);

  function look(): readonly ForeignJournal[] {
    for (const { name, folder: path } of listRunJournals(folder)) {
      if (!journals.has(name)) journals.set(name, openForeignJournal(path, onChange));
    }
    for (const journal of journals.values()) journal.refresh();
    return [...journals.values()];
  }

  function find(ref: Parameters<RunReader['get']>[0]) {
    for (const { view } of look()) {
      const state = view.find(ref);
      if (state !== undefined) return { view, state };
    }
    return undefined;
  }

  return {
    async get(ref) {
      const found = find(ref);
      return found?.view.recordOf(found.state);
    },
    async list(tenant, query) {
      const all = look().flatMap(({ view }) => view.list(tenant, query).map((state) => ({ view, state })));
      const newest = all.sort((a, b) => (a.state.run_id < b.state.run_id ? 1 : -1)).slice(0, query.limit);
      return newest.map(({ view, state }) => view.recordOf(state));
    },
    async read(ref, stream, after, limit) {
      const found = find(ref);
      return found === undefined ? [] : found.view.read(found.state, stream, after, limit);
    },
    async last(ref, stream) {
      return find(ref)?.state.last[stream] ?? 0;
    },
    follow: (ref, onChange) => followers.add(liveKey(ref), onChange),
    async close() {
      stop();
      for (const journal of journals.values()) journal.close();
    },
  };
}
