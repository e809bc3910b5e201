// The page: fetches a skill from a registry, verifies it, shows it, and after a yes runs it, all in this browser.
import { type Bytes, download, toDigest } from './registry/bytes.ts';
import { findSkill, parseSource, toSourceText } from './registry/find.ts';
import { keepSkill, type Pin, readArchive, readPin } from './registry/installed.ts';
import { openMemory } from './registry/memory.ts';
import { openSkill, type Skill } from './registry/open-skill.ts';
import { Refused } from './registry/refused.ts';
import { updateRegistry } from './registry/update.ts';
import { element } from './view/element.ts';
import { refusalCard, reviewCard } from './view/review.ts';

type Trust = { readonly url: string; readonly root: string; readonly source: string };
type Found = { readonly pin: Pin; readonly archive: Bytes; readonly skill: Skill; readonly verified: string };

const main = document.querySelector('main') as HTMLElement;

try {
  const trust = (await (await fetch('/registry.json')).json()) as Trust;
  const pin = readPin(trust.source);
  const found = await findOnline(trust, pin).catch((error: unknown) => findInstalled(trust, pin, error));
  const { name, version, namespace } = parseSource(trust.source);
  const title = namespace === undefined ? name : `${namespace}:${name}`;
  main.replaceChildren(reviewCard({ name: title, version, ...found, ...found.pin }));
  if (pin === undefined) await askForYes();
  await keepSkill(trust.source, found.pin, found.archive);
  // Asked for only now: what is refused costs nothing.
  const { startSkill } = await import('./skill/start.ts');
  main.append(...(await startSkill(found.skill)));
} catch (error) {
  const [reason, message] = error instanceof Refused ? [error.reason, error.message] : ['not run', String(error)];
  main.replaceChildren(refusalCard(reason, message));
}

async function findOnline({ url, root, source: text }: Trust, pin: Pin | undefined): Promise<Found> {
  const base = url.endsWith('/') ? url : `${url}/`;
  const trustedRoot = Uint8Array.fromBase64(root);
  const memory = await openMemory(localStorage, base, trustedRoot);
  const registry = await updateRegistry({ url: base, trustedRoot, memory, now: Date.now });
  const source = parseSource(text);
  const entry = await findSkill(registry, source);
  if (pin !== undefined && pin.digest !== entry.digest) {
    throw new Refused('not_as_locked', `${toSourceText(source)} has other bytes than were installed here`);
  }
  const archive = (pin === undefined ? undefined : await readKept(pin)) ?? (await download(entry.url, entry.length));
  const skill = await openSkill(archive, source, entry.digest);
  const { digest, role, signers } = entry;
  const verified = `against root ${registry.rootVersion} of the registry; fresh until ${registry.expires}`;
  return { pin: { digest, role, signers }, archive, skill, verified };
}

/** What is kept, where it is still what was kept. */
async function readKept(pin: Pin): Promise<Bytes | undefined> {
  const archive = await readArchive(pin);
  return archive !== undefined && (await toDigest(archive)) === pin.digest ? archive : undefined;
}

/** Without the registry, what is installed here still runs, as long as its bytes are those of the yes. */
async function findInstalled({ source }: Trust, pin: Pin | undefined, error: unknown): Promise<Found> {
  const archive = pin === undefined ? undefined : await readArchive(pin);
  const isAway = error instanceof Refused && error.reason === 'unreachable';
  if (!isAway || pin === undefined || archive === undefined) throw error;
  const skill = await openSkill(archive, parseSource(source), pin.digest);
  return { pin, archive, skill, verified: 'when it was installed; the registry is away, news of it is unknown' };
}

/** Nothing of a skill runs before a person's yes. */
async function askForYes(): Promise<void> {
  const button = element('button', { id: 'install' }, 'Install');
  main.append(button);
  await new Promise((clicked) => button.addEventListener('click', clicked, { once: true }));
  button.remove();
}
