// The artifact bundle of a run, rendered from what is stored whenever somebody asks (spec 5, bundle).
export { listFiles, readBundleFile } from './read-bundle.ts';
export { zipBundle } from './zip-bundle.ts';
