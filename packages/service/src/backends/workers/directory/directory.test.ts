// The list of packs is right whatever happens: whoever dies between two steps, whoever changes a pack meanwhile.
import { expect, it } from 'vitest';
import { createFakePlatform, type Hop } from '../testing/fake-platform.ts';
import { answering, bundle, COUNTING, OPEN, send } from '../testing/requests.ts';

const GUID = '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e';
const OTHER = '9b2d1c34-1111-4222-8333-444455556666';

function setup() {
  const platform = createFakePlatform({ PYPES_LOG_LEVEL: 'error', ...OPEN });
  const deploy = (name: string, agents?: readonly object[], guid = GUID) =>
    send(platform.fetch, '/api/pack/deploy', { body: bundle(guid, name, agents) });
  const remove = () => send(platform.fetch, `/api/pack/${GUID}`, { method: 'DELETE' });
  const call = (name: string) => send(platform.fetch, `/api/pack/${GUID}/agent`, { body: { name } });
  const list = async () => (await send(platform.fetch, '/api/pack/healthz')).body.packs as readonly object[];
  const health = () => send(platform.fetch, `/api/pack/${GUID}/healthz`);
  return { ...platform, deploy, remove, call, list, health };
}

/** Fails the hop once it matches; the process is gone with it. */
async function killAt(platform: ReturnType<typeof setup>, when: 'before' | 'after', matches: (op: string) => boolean) {
  platform.seams[when] = async (hop) => {
    if (hop.to === 'directory' && matches(await opOf(hop))) throw new Error('killed');
  };
}

const ops = new WeakMap<Request, string>();
async function opOf({ request }: Hop): Promise<string> {
  const known = ops.get(request);
  if (known !== undefined) return known;
  const op = request.bodyUsed ? '' : ((await request.clone().json()) as { op: string }).op;
  ops.set(request, op);
  return op;
}

function revive(platform: ReturnType<typeof setup>) {
  platform.seams.before = platform.seams.after = () => undefined;
  platform.crash();
}

const MOMENTS = [
  ['before', 'announce'],
  ['after', 'announce'],
  ['before', 'settle'],
  ['after', 'settle'],
] as const;

it.each(MOMENTS)('a crash %s %s of a first deploy leaves a list that is true', async (when, op) => {
  const platform = setup();
  await opsKnown(platform);
  await killAt(platform, when, (each) => each === op);
  await platform.deploy('one');
  revive(platform);
  await expectTrue(platform);
});

it.each(MOMENTS)('a crash %s %s of an update leaves a list that is true', async (when, op) => {
  const platform = setup();
  await platform.deploy('one');
  await opsKnown(platform);
  await killAt(platform, when, (each) => each === op);
  await platform.deploy('two', [answering('who', 'two'), answering('what', 'two')]);
  revive(platform);
  await expectTrue(platform);
});

it.each(MOMENTS)('a crash %s %s of a removal leaves a list that is true, and no memory', async (when, op) => {
  const platform = setup();
  await platform.deploy('one', [COUNTING]);
  expect((await platform.call('count')).body).toMatchObject({ output: 1 });
  await opsKnown(platform);
  await killAt(platform, when, (each) => each === op);
  await platform.remove();
  revive(platform);
  await expectTrue(platform);
  const isGone = (await platform.health()).status === 404;
  await platform.deploy('one', [COUNTING]);
  expect((await platform.call('count')).body).toMatchObject({ output: isGone ? 1 : 2 });
});

it('is put right by the first who lists: afterwards nobody is asked', async () => {
  const platform = setup();
  await opsKnown(platform);
  await killAt(platform, 'before', (op) => op === 'settle');
  await platform.deploy('one');
  revive(platform);
  await platform.list();
  platform.hops.length = 0;
  expect(await platform.list()).toMatchObject([{ name: 'one' }]);
  expect(platform.hops.filter(({ to }) => to === 'packs')).toEqual([]);
});

it('a pack that does not answer is listed as it was, and the others as they are', async () => {
  const platform = setup();
  await platform.deploy('one');
  await platform.deploy('other', undefined, OTHER);
  await opsKnown(platform);
  await killAt(platform, 'before', (op) => op === 'settle');
  await platform.deploy('two');
  revive(platform);
  platform.seams.before = ({ to, name }) => {
    if (to === 'packs' && name === GUID) throw new Error('unreachable');
  };
  expect(await platform.list()).toMatchObject([{ name: 'one' }, { name: 'other' }]);
  revive(platform);
  expect(await platform.list()).toMatchObject([{ name: 'two' }, { name: 'other' }]);
});

it('whoever lists during a deploy waits for it, and settles nothing that is not over', async () => {
  const platform = setup();
  await platform.deploy('one');
  let listed: Promise<readonly object[]> | undefined;
  platform.seams.after = async (hop) => {
    if (hop.to !== 'directory' || listed !== undefined || !announces(hop)) return;
    // Announced, not written: the list is asked for just now.
    listed = platform.list();
    await new Promise((done) => setTimeout(done, 50));
  };
  await opsKnown(platform);
  await platform.deploy('two');
  expect(await listed).toMatchObject([{ name: 'two' }]);
  expect(await platform.list()).toMatchObject([{ name: 'two' }]);
});

it('twenty deploys and removals at once leave what the last one made, and the list says so', async () => {
  const platform = setup();
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => (index % 5 === 4 ? platform.remove() : platform.deploy(`v${index}`))),
  );
  await expectTrue(platform);
});

it('a deploy is refused, and changes nothing, while the list cannot be told of it', async () => {
  const platform = setup();
  await platform.deploy('one');
  await opsKnown(platform);
  await killAt(platform, 'before', (op) => op === 'announce');
  expect(await platform.deploy('two')).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  revive(platform);
  expect((await platform.health()).body).toMatchObject({ name: 'one' });
});

it('a refused deploy announces nothing', async () => {
  const platform = setup();
  await platform.deploy('one');
  await opsKnown(platform);
  platform.hops.length = 0;
  const refused = [{ schema: 'pack/9' }, { agents: 'none' }, { agents: [{ ...answering('who', 'x'), sha256: '0' }] }];
  for (const more of refused) {
    const body = { ...bundle(GUID, 'two'), ...more };
    expect((await send(platform.fetch, '/api/pack/deploy', { body })).status).toBe(400);
  }
  expect(platform.hops.filter(announces)).toEqual([]);
});

/** What each hop asks has to be known before its body is read. */
async function opsKnown(platform: ReturnType<typeof setup>): Promise<void> {
  const { before } = platform.seams;
  platform.seams.before = async (hop) => {
    if (hop.to === 'directory') await opOf(hop);
    await before(hop);
  };
}

function announces(hop: Hop): boolean {
  return hop.to === 'directory' && ops.get(hop.request) === 'announce';
}

/** What the list says is what the pack says. */
async function expectTrue({ list, health }: ReturnType<typeof setup>): Promise<void> {
  const { status, body } = await health();
  const listed = await list();
  if (status === 404) expect(listed).toEqual([]);
  else expect(listed).toMatchObject([{ pack_guid: GUID, name: body.name, agent_count: body.agent_count }]);
  expect(await list()).toEqual(listed);
}
