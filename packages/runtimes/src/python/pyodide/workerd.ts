// Finds workerd, the optional dependency that Pyodide runs in.
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const PACKAGES: { readonly [platform: string]: string } = {
  'linux-x64': 'workerd-linux-64',
  'linux-arm64': 'workerd-linux-arm64',
  'darwin-x64': 'workerd-darwin-64',
  'darwin-arm64': 'workerd-darwin-arm64',
};

/** The path of an executable workerd: the environment variable PYPES_WORKERD, else the npm package of this platform. */
export function findWorkerd(): string | undefined {
  const path = process.env.PYPES_WORKERD ?? findPackaged();
  if (path === undefined) return undefined;
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}

function findPackaged(): string | undefined {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  // Beside the package `workerd`, or hoisted beside everything else.
  for (const from of ['workerd/package.json', `@cloudflare/${name}/package.json`]) {
    try {
      const own = createRequire(import.meta.resolve(from));
      return join(dirname(own.resolve(`@cloudflare/${name}/package.json`)), 'bin', 'workerd');
    } catch {
      // Not installed: optional dependencies may be left out.
    }
  }
  return undefined;
}
