// A process that changes objects and secrets without end, and says what is done; its parent kills it at any moment.
import { createFilesystemObjectStore, createFilesystemSecretStore } from './index.ts';

const [root = '', from = '0'] = process.argv.slice(2);
const scope = { packGuid: '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e' };
const objects = createFilesystemObjectStore(root);
const secrets = createFilesystemSecretStore(root);
const text = (mark: number) => `${mark} `.repeat(2_000 + (mark % 7) * 500);

for (let mark = Number(from); ; mark++) {
  const bytes = new TextEncoder().encode(text(mark));
  await Promise.all([
    objects.put(scope, { name: 'one', contentType: 'text/plain', bytes }),
    objects.put(scope, { name: `n${mark % 5}`, contentType: 'text/plain', bytes }),
    secrets.replace((before) =>
      ['A', 'B', 'C'].map((name) => ({
        ...(before.find((secret) => secret.name === name) ?? {
          name,
          type: 'api_key',
          created_at: '',
          updated_at: '',
          nonce: '',
        }),
        key_id: String(mark),
        ciphertext: 'x'.repeat(mark % 3_000),
      })),
    ),
  ]);
  process.stdout.write(`${mark}\n`);
}
