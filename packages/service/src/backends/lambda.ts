// Back end B on AWS Lambda: packs and memory in S3, behind a function URL, an API or a load balancer (spec 2, back ends).
import { createS3Stores } from '@pypes/stores/s3';
import { createLambdaHandler } from './functions/lambda-handler.ts';
import { openFunction } from './functions/open.ts';
import { readS3Place } from './functions/places.ts';

/** What Lambda lets an answer have is 6 MiB, in which a quote takes two bytes. */
const MOST_OUTPUT_BYTES = 4 * 1024 * 1024;

const service = await openFunction({
  name: 'aws-lambda',
  environment: process.env,
  folder: process.env.LAMBDA_TASK_ROOT ?? process.cwd(),
  mostOutputBytes: MOST_OUTPUT_BYTES,
  openStores: (more) => createS3Stores({ ...readS3Place(process.env), ...more }),
});

/** The handler that Lambda calls: `index.handler`. */
export const handler = createLambdaHandler(service.fetch);
