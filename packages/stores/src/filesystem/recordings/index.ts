// Recordings of calls on a disk: written in the background, read for a replay.
export { listRecordings, readRecordingLines } from './folder.ts';
export { createFilesystemRecordings, type RecordingOptions, type Recordings } from './recordings.ts';
