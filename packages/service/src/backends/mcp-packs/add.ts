// Mounts a server: asks it for its tools, compares them with what was pinned before, and pins them once a person agreed.
import { type JsonObject, PypesError } from '@pypes/contract';
import { connectTo, listAll, type OfferedTools } from './connection.ts';
import { describeDifference, digestOfTool } from './difference.ts';
import { guidOfServer, type PinnedServer, readPins, type ServerAddress, writePin } from './pins.ts';

/** What a person is to agree to. */
export type MountReview = {
  readonly address: ServerAddress;
  readonly tools: readonly { readonly name: string; readonly definition: JsonObject; readonly change: ToolChange }[];
  /** Tools that were pinned, and that the server has no more. */
  readonly gone: readonly string[];
  /** Pins it. */
  accept(): Promise<PinnedServer>;
};

/** How a tool stands to what was pinned. */
export type ToolChange = { readonly kind: 'new' | 'same' | 'changed'; readonly lines: readonly string[] };

const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

/**
 * Looks at a server; nothing is pinned before `accept`. Without an address, the one that was pinned is asked again.
 *
 * @throws PypesError `invalid_request`, `not_found`, `unavailable`
 */
export async function reviewServer(
  root: string,
  name: string,
  given: ServerAddress | undefined,
  now: () => number = Date.now,
): Promise<MountReview> {
  if (!NAME.test(name)) {
    throw new PypesError('invalid_request', `"${name}" is no name for a pack: small letters, digits and -, 64 at most`);
  }
  const before = (await readPins(root)).find((each) => each.name === name);
  const address = given ?? before?.address;
  if (address === undefined)
    throw new PypesError('not_found', `No server is mounted as "${name}"; say where it is: --url, or -- COMMAND`);
  const offered = await ask(address);
  const tools = [...offered]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([tool, definition]) => ({ name: tool, definition, change: changeOf(before, tool, definition) }));
  return {
    address,
    tools,
    gone: (before?.tools ?? []).map((tool) => tool.name).filter((tool) => !offered.has(tool)),
    async accept() {
      const pin: PinnedServer = {
        name,
        pack_guid: guidOfServer(name),
        address,
        tools: tools.map(({ name: tool, definition }) => ({
          name: tool,
          digest: digestOfTool(definition),
          definition,
        })),
        added_at: new Date(now()).toISOString(),
      };
      await writePin(root, name, pin);
      return pin;
    },
  };
}

/** Takes a server out. @throws PypesError `not_found` */
export async function unmountServer(root: string, name: string): Promise<void> {
  if (!(await readPins(root)).some((each) => each.name === name)) {
    throw new PypesError('not_found', `No server is mounted as "${name}"`);
  }
  await writePin(root, name, undefined);
}

async function ask(address: ServerAddress): Promise<OfferedTools> {
  try {
    const client = await connectTo(address);
    try {
      return await listAll(client);
    } finally {
      await client.close();
    }
  } catch (error) {
    const where = address.kind === 'url' ? address.url : [address.command, ...address.args].join(' ');
    const reason = error instanceof Error ? error.message : String(error);
    throw new PypesError('unavailable', `No MCP server answers at ${where}: ${reason}`, { cause: error });
  }
}

function changeOf(before: PinnedServer | undefined, tool: string, definition: JsonObject): ToolChange {
  const pinned = before?.tools.find((each) => each.name === tool);
  if (pinned === undefined) return { kind: 'new', lines: [] };
  if (pinned.digest === digestOfTool(definition)) return { kind: 'same', lines: [] };
  return { kind: 'changed', lines: describeDifference(pinned.definition, definition) };
}
