// Runs on a disk pass the shared suite.

import type { RunStore } from '@pypes/contract/runs';
import { newRoot } from '../../testing/roots.ts';
import { testRunStore } from '../../testing/runs.ts';
import { testArtifactStore } from '../../testing/runs-artifacts.ts';
import { createFilesystemArtifactStore, createFilesystemRunStore } from './index.ts';

const folders = new Map<RunStore, string>();
const open = (folder: string): RunStore => {
  const store = createFilesystemRunStore({
    folder,
    segmentBytes: 20_000,
    onError: ({ message }) => {
      throw new Error(message);
    },
  });
  folders.set(store, folder);
  return store;
};

testRunStore('filesystem', () => open(newRoot()), {
  async reopen(store) {
    await store.close();
    return open(folders.get(store) as string);
  },
});

testArtifactStore('filesystem', () => createFilesystemArtifactStore(newRoot()));
