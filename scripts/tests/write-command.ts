// `npm test` starts the command as people install it: hundreds of times, and the sources take longer to load.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writePackage } from '../npm/package.ts';

const FOLDER = join(import.meta.dirname, '../../dist/test');

await writePackage(FOLDER);
// What is optional lies in the project's own node_modules, as for the sources.
rmSync(join(FOLDER, 'parts'), { recursive: true });
