// One date for workerd, for Cloudflare and for the isolates of components: what the tests run is what is deployed.
export const COMPATIBILITY_DATE = '2026-04-01';
