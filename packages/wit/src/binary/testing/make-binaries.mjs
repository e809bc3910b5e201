// The process behind tools.ts: jobs as JSON on standard input, binaries in base64 as JSON on standard output.

import { text } from 'node:stream/consumers';
import { componentEmbed, componentNew, parse } from '@bytecodealliance/jco-transpile/wasm-tools';

const make = async (job) => {
  if (job.make === 'binary') return parse(job.wat);
  const core = await componentEmbed({
    dummy: true,
    features: { tag: 'list', val: ['active'] },
    witSource: job.wit,
    ...(job.world === undefined ? {} : { world: job.world }),
  });
  return job.make === 'core' ? core : componentNew(core);
};

const results = [];
for (const job of JSON.parse(await text(process.stdin))) {
  try {
    results.push(Buffer.from(await make(job)).toString('base64'));
  } catch (error) {
    results.push({ error: String(error?.message ?? error) });
  }
}
process.stdout.write(JSON.stringify(results));
