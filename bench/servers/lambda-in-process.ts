// Back end B without a network before it: the handler of Lambda, called as its platform calls it; one line of JSON a task.
import { createInterface } from 'node:readline';

type Task = { readonly path: string; readonly body: string; readonly calls: number; readonly atOnce: number };

const { handler } = await import('../../packages/service/src/backends/lambda.ts');

const eventOf = ({ path, body }: Task) => ({
  version: '2.0',
  rawPath: path,
  rawQueryString: '',
  headers: {
    host: '127.0.0.1',
    'content-type': 'application/json',
    authorization: `Bearer ${process.env.PYPES_TOKEN}`,
  },
  requestContext: { http: { method: 'POST', path, sourceIp: '127.0.0.1' }, domainName: '127.0.0.1' },
  body,
  isBase64Encoded: false,
});

async function perform(task: Task) {
  const event = eventOf(task);
  const latencies: number[] = [];
  let [left, status] = [task.calls, 0];
  const began = performance.now();
  const caller = async () => {
    while (left-- > 0) {
      const sent = performance.now();
      ({ statusCode: status } = await handler(event));
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: task.atOnce }, caller));
  const ms = performance.now() - began;
  latencies.sort((a, b) => a - b);
  return { status, rps: task.calls / (ms / 1_000), p99: latencies[Math.floor(latencies.length * 0.99)] ?? 0 };
}

for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line) as Task;
  process.stdout.write(`${JSON.stringify({ ...(await perform(task)), sinceStart: performance.now() })}\n`);
}
process.exit(0);
