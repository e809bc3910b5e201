// Back end B on Azure Functions (v4 programming model): packs and memory in a blob container (spec 2, back ends).
import azure from '@azure/functions';
import { createAzureBlobStores } from '@pypes/stores/azure-blob';
import { createAzureHandler } from './functions/azure-handler.ts';
import { openFunction } from './functions/open.ts';
import { readAzurePlace } from './functions/places.ts';

const { WEBSITE_HOSTNAME: hostName } = process.env;

const service = await openFunction({
  name: 'azure-functions',
  environment: process.env,
  folder: process.env.AzureWebJobsScriptRoot ?? process.cwd(),
  ...(hostName === undefined ? {} : { platformHosts: [hostName.replace(/:\d+$/, '')] }),
  openStores: (more) => createAzureBlobStores({ ...readAzurePlace(process.env), ...more }),
  // Azure takes what comes on standard error for errors.
  write: (text) => process.stdout.write(text),
});

azure.app.setup({ enableHttpStream: true });
azure.app.http('pypes', {
  route: '{*path}',
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  // The service asks for its own tokens, and tells its callers so.
  authLevel: 'anonymous',
  handler: createAzureHandler(service.fetch),
});
