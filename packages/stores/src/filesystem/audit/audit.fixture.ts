// A process that writes audit records without end and says which are settled; its parent kills it at any moment.
import { createFilesystemAuditLog } from './index.ts';

const [folder = '', from = '0', most = 'Infinity'] = process.argv.slice(2);
const log = createFilesystemAuditLog({ folder, onError: (error) => console.error(error), segmentBytes: 100_000 });

for (let mark = Number(from); mark < Number(most); mark++) {
  for (let each = 0; each <= mark % 5; each++) {
    log.write(JSON.stringify({ mark, each, text: 'ü'.repeat((mark * 37) % 700) }));
  }
  await log.settled();
  process.stdout.write(`${mark}\n`);
}
log.close();
