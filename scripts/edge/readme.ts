// What lies beside the Worker for whoever finds the folder.

export const README = `# Pypes at the edge

One Worker, one Durable Object for each pack. Nothing has to be built.

On Cloudflare: set \`PYPES_ALLOW_HOSTS\` in \`wrangler.jsonc\` to the name that the Worker is reached by, then

    npx wrangler deploy
    openssl rand -hex 32 | npx wrangler secret put PYPES_TOKEN

On a machine of your own, with a watchdog: \`pypes edge\`. Without one:

    mkdir -p objects
    PYPES_TOKEN=$(openssl rand -hex 32) PYPES_ALLOW_HOSTS=127.0.0.1,localhost workerd serve config.capnp --experimental

\`licences.md\` has the licences of what others wrote.
`;
