// A file of policies outside of a running host: read as a whole, its policies made as a host makes them.
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Policy, PypesError } from '@pypes/contract';
import type { PolicySetServices } from '@pypes/guard';
import { parsePolicyFile } from '@pypes/host';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import { readSchema } from './operator-policies.ts';

/** A file without a mistake. */
export type PolicyFile = {
  readonly version: string;
  /** @throws PypesError where a schema that it names cannot be used */
  readonly create: (services: Omit<PolicySetServices, 'schemas' | 'readSchema'>) => readonly Policy[];
};

/** @throws PypesError `invalid_request`, with every problem and its place */
export async function openPolicyFile(file: string): Promise<PolicyFile> {
  const path = resolve(file);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new PypesError('invalid_request', `The file of policies "${file}" cannot be read: ${String(error)}`, {
      cause: error,
    });
  });
  const { version, create } = await parsePolicyFile(text, file);
  const schemas = createAjvCompiler();
  return {
    version,
    create: (services) => create({ ...services, schemas, readSchema: (name) => readSchema(join(dirname(path), name)) }),
  };
}
