// The packs of the fake endpoint: deploys, calls, memory; every rule of the contract in its shortest form.
import { createHash, randomUUID } from 'node:crypto';
import { basename } from 'node:path/posix';
import { type Args, type FakeAgent, type FakeContext, readFile, TimeOut } from './agents.ts';

export type Pack = {
  readonly guid: string;
  readonly manifest: Args;
  readonly fileCount: number;
  readonly files: ReadonlyMap<string, string>;
  readonly agents: ReadonlyMap<string, FakeAgent & { readonly source: string }>;
  readonly quarantined: readonly { readonly filename: string; readonly error: string }[];
  readonly shadowed: readonly string[];
  readonly memories: Map<string, Map<string, unknown>>;
  readonly token?: string;
};

/** A refusal: a status, a message, and what else stands in the envelope. */
export class Refused extends Error {
  readonly status: number;
  readonly more: Args;

  constructor(status: number, message: string, more: Args = {}) {
    super(message);
    this.status = status;
    this.more = more;
  }
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MOST_OUTPUT = 8 * 1024 * 1024;
const MOST_DEPTH = 16;
const ENDINGS = /\.(py|lispy|lisp|js|mjs|ts|lua|wasm)$/;

export const toGuid = (value: unknown): string | undefined => {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return GUID.test(text) ? text : undefined;
};

/** @throws Refused */
export function readBundle(body: Args): {
  readonly guid: string;
  readonly files: ReadonlyMap<string, string>;
  readonly skipped: readonly Args[];
} {
  if (body.schema !== 'pack/1.0' && body.schema !== 'rapp-swarm/1.0') throw new Refused(400, 'another schema');
  if (!Array.isArray(body.agents)) throw new Refused(400, 'agents is no list');
  const files = new Map<string, string>();
  const skipped: Args[] = [];
  for (const entry of body.agents as readonly unknown[]) {
    if (typeof entry !== 'object' || entry === null) throw new Refused(400, 'an agent is no object');
    const { filename: asked = '', source, source_base64: base64, sha256 } = entry as Args;
    const filename = basename(String(asked).replaceAll('\\', '/'));
    const bytes = typeof base64 === 'string' ? Buffer.from(base64, 'base64') : Buffer.from(String(source ?? ''));
    const reason = !ENDINGS.test(filename)
      ? 'an unknown language'
      : filename.includes('\u0000') || filename.startsWith('.')
        ? 'an unsafe name'
        : bytes.length === 0
          ? 'nothing in it'
          : undefined;
    if (reason !== undefined) {
      skipped.push({ filename: asked, reason });
      continue;
    }
    if (sha256 !== undefined && createHash('sha256').update(bytes).digest('hex') !== sha256) {
      throw new Refused(400, 'the digest is another one');
    }
    files.set(filename, bytes.toString('utf8'));
  }
  return { guid: toGuid(body.pack_guid ?? body.swarm_guid) ?? randomUUID(), files, skipped };
}

/** Files in order; broken ones are set apart, and the later of two agents by one name wins. */
export function openFiles(
  files: ReadonlyMap<string, string>,
  changed: { readonly [name: string]: FakeAgent['run'] },
): Pick<Pack, 'agents' | 'quarantined' | 'shadowed'> {
  const agents = new Map<string, FakeAgent & { readonly source: string; readonly filename: string }>();
  const quarantined: { filename: string; error: string }[] = [];
  const shadowed: string[] = [];
  for (const filename of [...files.keys()].sort().filter((name) => !name.startsWith('_'))) {
    const source = files.get(filename) ?? '';
    try {
      if (source.includes('nobody_wrote')) throw new Error("No module named 'nobody_wrote_this_module'");
      for (const agent of readFile(source, changed)) {
        const hidden = agents.get(agent.name);
        if (hidden !== undefined) shadowed.push(hidden.filename);
        agents.set(agent.name, { ...agent, source, filename });
      }
    } catch (error) {
      quarantined.push({ filename, error: (error as Error).message });
    }
  }
  return { agents, quarantined, shadowed };
}

/** One call, and the calls that it makes, on one version of a pack. @throws Refused */
export async function callPack(
  pack: Pack,
  name: string,
  given: unknown,
  user: string | undefined,
  note: FakeContext['note'] = () => undefined,
  depth = 0,
): Promise<unknown> {
  const agent = pack.agents.get(name);
  if (agent === undefined) {
    throw new Refused(404, `unknown agent: ${name}`, { available: [...pack.agents.keys()].sort() });
  }
  const args = given ?? {};
  if (typeof args !== 'object' || Array.isArray(args)) throw new Refused(400, 'args is no object');
  const errors = agent.check?.(args as Args) ?? [];
  if (errors.length > 0) {
    const list = errors.map((path) => ({ path, message: `${path} is wrong` }));
    throw new Refused(400, 'the arguments do not match', { errors: list });
  }
  if (depth > MOST_DEPTH) throw new Refused(500, 'calls are nested too deep');
  const memory = pack.memories.get(user ?? 'shared') ?? new Map<string, unknown>();
  pack.memories.set(user ?? 'shared', memory);
  const call = (other: string, more: Args) => callPack(pack, other, more, user, note, depth + 1);
  const { source } = agent;
  const output = await runAgent(agent, args as Args, {
    user: user ?? null,
    pack: pack.guid,
    agent: name,
    memory,
    call,
    note,
    source,
  });
  if (typeof output === 'function' || agent.returns?.(output) === false)
    throw new Refused(500, 'an output of another kind');
  if (JSON.stringify(output).length > MOST_OUTPUT) throw new Refused(500, 'the output is too large');
  return output;
}

async function runAgent(agent: FakeAgent, args: Args, context: FakeContext): Promise<unknown> {
  // A turn passes, as in an endpoint that asks somebody else.
  await new Promise((turn) => setImmediate(turn));
  try {
    return (await agent.run(args, context)) ?? null;
  } catch (error) {
    if (error instanceof Refused) throw error.status < 500 ? new Refused(500, error.message) : error;
    throw new Refused(error instanceof TimeOut ? 504 : 500, (error as Error).message, { trace: 'line 1' });
  }
}
