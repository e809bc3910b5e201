// What is deployed where: the composition root, what the platform brings, and the files that it reads.
import { createRequire } from 'node:module';

export type Target = {
  /** The composition root. */
  readonly entry: string;
  /** npm packages that are copied, not bundled: the platform's worker replaces a part of them. */
  readonly copied: readonly string[];
  readonly files: { readonly [path: string]: string };
};

export type TargetName = 'aws-lambda' | 'azure-functions';

export const TARGETS: readonly TargetName[] = ['aws-lambda', 'azure-functions'];

export function isTarget(name: string): name is TargetName {
  return (TARGETS as readonly string[]).includes(name);
}

export function targetOf(name: TargetName): Target {
  const entry = createRequire(import.meta.url).resolve;
  return name === 'aws-lambda'
    ? {
        entry: entry('@pypes/service/lambda'),
        copied: [],
        files: {
          'package.json': toText({ name: 'pypes-aws-lambda', private: true, type: 'module', main: 'index.mjs' }),
        },
      }
    : {
        entry: entry('@pypes/service/functions'),
        copied: ['@azure/functions'],
        files: {
          'package.json': toText({ name: 'pypes-azure-functions', private: true, type: 'module', main: 'index.mjs' }),
          'host.json': toText({ version: '2.0', extensions: { http: { routePrefix: '' } } }),
          '.funcignore': '*.md\nlocal.settings.json\n',
        },
      };
}

function toText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
