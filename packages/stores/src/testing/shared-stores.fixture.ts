// A process that deploys and remembers at a place that others write to, too, as its standard input says.
import { createInterface } from 'node:readline';
import { createAzureBlobStores } from '../azure-blob/index.ts';
import { createS3Stores } from '../s3/index.ts';
import type { Place } from './shared-stores.ts';

const [given = '', mark = ''] = process.argv.slice(2);
const { driver, options } = JSON.parse(given) as Place;
const { packs, memory } = driver === 's3' ? createS3Stores(options as never) : createAzureBlobStores(options as never);

const GUID = '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e';
const USERS = { one: '11111111-1111-4111-8111-111111111111', two: '22222222-2222-4222-8222-222222222222' };
const userGuid = USERS[mark as 'one' | 'two'];

async function deploy(round: string): Promise<string> {
  const name = `${mark} ${round}`;
  const manifest = { schema: 'pack/1.0', pack_guid: GUID, name, created_at: '2026-01-01T00:00:00.000Z' };
  const files = ['a.py', 'b.py', 'c.py', 'd.py'].map((filename) => ({ filename, bytes: new TextEncoder().encode(name) }));
  try {
    await packs.get(GUID);
    await packs.put(GUID, { manifest, files });
    return 'stored';
  } catch (error) {
    return (error as { readonly code?: string }).code ?? String(error);
  }
}

async function remember(times: number): Promise<string> {
  for (let n = 0; n < times; n++) {
    await Promise.all([
      memory.update({ packGuid: GUID }, ({ count, ...rest }) => ({ ...rest, count: Number(count ?? 0) + 1, [`${mark}${n}`]: n })),
      memory.update({ packGuid: GUID, userGuid }, () => ({ mark, last: n })),
    ]);
  }
  return 'kept';
}

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const [verb, argument = ''] = line.split(' ');
  process.stdout.write(`${await (verb === 'deploy' ? deploy(argument) : remember(Number(argument)))}\n`);
}
process.exit(0);
