// The client of a bucket, with limits on how long it waits.
import { S3Client } from '@aws-sdk/client-s3';

/** Which bucket, where, and who asks. */
export type S3Options = {
  /** `https://s3.example.com`; without it, AWS. */
  readonly endpoint?: string;
  readonly region: string;
  readonly bucket: string;
  /** What all keys begin with: `pypes/`. Empty unless it is said. */
  readonly prefix?: string;
  /** Without them, what the AWS tools find: environment, profile, role of the machine. */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** `https://host/bucket` in the place of `https://bucket.host`; most servers that are not AWS want it. */
  readonly forcePathStyle?: boolean;
};

const CONNECT_MS = 5_000;
const IDLE_MS = 30_000;

export function connect({ endpoint, region, credentials, forcePathStyle }: S3Options): S3Client {
  return new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(forcePathStyle === undefined ? {} : { forcePathStyle }),
    maxAttempts: 4,
    // We send a digest of our own, and compare it ourselves; other checksums are not known everywhere.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: IDLE_MS },
  });
}
