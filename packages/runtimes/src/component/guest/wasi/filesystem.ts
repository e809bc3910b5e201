// wasi:filesystem: there is none. A component that links it finds no folder to begin from, and so opens no file.

class Descriptor {}
class DirectoryEntryStream {}

export function createFilesystem(): { readonly [name: string]: object } {
  return {
    'filesystem/preopens': { getDirectories: () => [] },
    'filesystem/types': { Descriptor, DirectoryEntryStream, filesystemErrorCode: () => undefined },
  };
}
