// What the Azure Functions host and its Node worker do around an app: register its functions, hand requests to its proxy.
import { randomUUID } from 'node:crypto';
import { createServer, request as send } from 'node:http';
import Module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder] = process.argv.slice(2);
let model;
const functions = [];

/** The worker's own module, which exists nowhere on the disk. */
const core = {
  version: '3.99.0',
  registerFunction: (metadata, callback) => functions.push({ metadata, callback }),
  setProgrammingModel: (given) => {
    model = given;
  },
  registerHook: () => ({ dispose: () => undefined }),
  log: () => undefined,
};
const original = Module.prototype.require;
Module.prototype.require = function (id) {
  return id === '@azure/functions-core' ? core : original.call(this, id);
};

process.chdir(folder);
await import(pathToFileURL(join(folder, 'index.mjs')).href);
const { HttpUri } = await model.getCapabilities({});
const [{ metadata, callback }] = functions;
const trigger = Object.entries(metadata.bindings).find(([, { type }]) => type === 'httpTrigger');
const methods = trigger[1].methods.map((method) => method.toUpperCase());

async function invoke(invocationId, headers) {
  const context = {
    invocationId,
    metadata,
    request: {
      inputData: [{ name: trigger[0], data: { http: {} } }],
      triggerMetadata: { Headers: { json: JSON.stringify(headers) } },
    },
    log: () => undefined,
    state: undefined,
  };
  const invocation = model.getInvocationModel(context);
  const { context: given, inputs } = await invocation.getArguments();
  const result = await invocation.invokeFunction(given, inputs, callback);
  await invocation.getResponse(given, result);
}

const front = createServer((request, response) => {
  if (!methods.includes(request.method)) return response.writeHead(404).end();
  const id = randomUUID();
  const flat = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const headers = {
    ...flat,
    'x-ms-invocation-id': id,
    'x-forwarded-host': flat.host ?? '',
    'x-forwarded-proto': 'http',
  };
  const target = new URL(request.url, HttpUri);
  const proxied = send(target, { method: request.method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  proxied.on('error', () => response.writeHead(502).end());
  request.pipe(proxied);
  invoke(id, flat).catch((error) => {
    console.error(error);
    proxied.destroy();
  });
});
front.listen(0, '127.0.0.1', () => {
  const { route, authLevel } = trigger[1];
  console.log(JSON.stringify({ listening: front.address().port, functions: functions.length, route, authLevel }));
});
