// What Cloudflare's wrangler is told of the Worker.
import { COMPATIBILITY_DATE } from '@pypes/service/edge';

/** The text of `wrangler.jsonc`. */
export function toWranglerConfig(): string {
  return `{
  // Written by: npm run package:edge
  "name": "pypes",
  "main": "worker.mjs",
  "compatibility_date": "${COMPATIBILITY_DATE}",
  // The Worker is bundled: it and its modules are uploaded as they are.
  "no_bundle": true,
  "durable_objects": {
    "bindings": [
      { "name": "PACKS", "class_name": "PackObject" },
      { "name": "DIRECTORY", "class_name": "DirectoryObject" }
    ]
  },
  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["PackObject", "DirectoryObject"] }],
  // WebAssembly components run in isolates of their own, which a Worker Loader starts. Cloudflare has it on paid plans
  // only; without it they run at PYPES_REMOTE_URL, or not at all.
  // "worker_loaders": [{ "binding": "LOADER" }],
  "observability": { "enabled": true },
  "vars": {
    // The names that the Worker is reached by: pypes.<your subdomain>.workers.dev
    "PYPES_ALLOW_HOSTS": ""
  }
  // The operator's token is a secret: openssl rand -hex 32 | npx wrangler secret put PYPES_TOKEN
}
`;
}
