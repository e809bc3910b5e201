// Whether a file may have changed since somebody looked.
import { statSync } from 'node:fs';

/** Changes whenever the content may have; empty where there is no file. */
export function stampOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
}
