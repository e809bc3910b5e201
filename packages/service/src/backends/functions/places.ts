// Which bucket or container a function keeps things in, as its environment says.
import { PypesError } from '@pypes/contract';
import type { AzureBlobOptions } from '@pypes/stores/azure-blob';
import type { S3Options } from '@pypes/stores/s3';
import type { Environment } from './settings.ts';

type Aging = { readonly mostAgeMs?: number };

/** @throws PypesError `invalid_request` */
export function readS3Place(environment: Environment): S3Options & Aging {
  const { PYPES_S3_BUCKET: bucket, PYPES_S3_PREFIX: prefix, PYPES_S3_ENDPOINT: endpoint } = environment;
  const region = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  if (!bucket) throw missing('PYPES_S3_BUCKET', 'the bucket that packs and memory are kept in');
  if (!region) throw missing('AWS_REGION', 'the region of the bucket');
  return {
    bucket,
    region,
    ...(prefix ? { prefix } : {}),
    // Most servers that are not AWS want the bucket in the path.
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    ...readAge(environment),
  };
}

/** @throws PypesError `invalid_request` */
export function readAzurePlace(environment: Environment): AzureBlobOptions & Aging {
  const { PYPES_BLOB_URL: url, PYPES_BLOB_CONTAINER: container = 'pypes', PYPES_BLOB_PREFIX: prefix } = environment;
  const connectionString = environment.PYPES_BLOB_CONNECTION || environment.AzureWebJobsStorage;
  const more = { ...(prefix ? { prefix } : {}), ...readAge(environment) };
  if (url) return { url, ...more };
  if (connectionString) return { connectionString, container, ...more };
  throw missing('PYPES_BLOB_URL', 'the address of the container that packs and memory are kept in');
}

function readAge({ PYPES_PACK_AGE_MS: given }: Environment): Aging {
  if (!given) return {};
  const mostAgeMs = Number(given);
  if (Number.isInteger(mostAgeMs) && mostAgeMs >= 0) return { mostAgeMs };
  throw new PypesError('invalid_request', `PYPES_PACK_AGE_MS takes milliseconds, got "${given.slice(0, 40)}"`);
}

function missing(name: string, what: string): PypesError {
  return new PypesError('invalid_request', `${name} is not set; it has to name ${what}`);
}
