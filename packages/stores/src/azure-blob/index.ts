// What lies in a container of Azure Blob Storage: packs and memory.
export { type AzureBlobOptions, type AzureBlobStores, createAzureBlobStores } from './stores.ts';
