// What Lambda's own client does in an instance: load the handler, then one event after another over the Runtime API.
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { handler } = await import(pathToFileURL(join(process.env.LAMBDA_TASK_ROOT, 'index.mjs')).href);
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new Agent({ keepAlive: true });

function ask(method, path, value) {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host, port, method, path: `/2018-06-01/runtime/invocation/${path}`, agent },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => resolve({ headers: response.headers, text: Buffer.concat(chunks).toString() }));
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(value === undefined ? undefined : JSON.stringify(value));
  });
}

for (;;) {
  const { headers, text } = await ask('GET', 'next');
  const id = headers['lambda-runtime-aws-request-id'];
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  try {
    const result = await handler(JSON.parse(text), { getRemainingTimeInMillis: () => deadline - Date.now() });
    await ask('POST', `${id}/response`, result);
  } catch (error) {
    await ask('POST', `${id}/error`, { errorType: error.name, errorMessage: error.message, trace: error.stack });
  }
}
