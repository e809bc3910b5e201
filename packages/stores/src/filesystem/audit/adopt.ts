// Takes up the logs of processes that wrote beside the writer and have ended: their seals become records of the log.
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { adoptedName, listAuditFiles, writerOf } from './folder.ts';
import { isAlive } from './lease.ts';
import { openSegment, type Segment, type SegmentOptions } from './segment.ts';

/** Seals and signs what a killed process left, writes down the seal, and renames the file. */
export function adoptSides(folder: string, segment: Segment, options: Omit<SegmentOptions, 'path' | 'previous'>): void {
  for (const name of listAuditFiles(folder).sides) {
    if (isAlive(writerOf(name))) continue;
    const side = openSegment({ ...options, path: join(folder, name) });
    side?.sign();
    side?.close();
    const file = adoptedName(name);
    const adopted = { file, seal: side?.seal ?? null };
    const time = new Date(options.now()).toISOString();
    segment.append(`${JSON.stringify({ adopted, time })}\n`, 1);
    renameSync(join(folder, name), join(folder, file));
  }
}
