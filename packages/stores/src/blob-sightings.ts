// What this process has seen of packs that others may change: which version, when, and whether it is known to be old.
import { manifestKey } from './blob-keys.ts';
import type { ConditionalBlobs } from './conditional-blobs.ts';

type Sighting = {
  readonly etag: string;
  /** When it was known to be the newest one. */
  at: number;
  isOld: boolean;
  looking?: Promise<void> | undefined;
};

export type SightingOptions = {
  readonly blobs: Pick<ConditionalBlobs, 'etagOf'>;
  readonly mostAgeMs: number;
  readonly now: () => number;
};

/** More packs than these are looked at anew whenever they are wanted. */
const MOST = 10_000;

/** A clock that was set back makes nothing recent. */
export function isRecent(ageMs: number, mostAgeMs: number): boolean {
  return ageMs >= 0 && ageMs <= mostAgeMs && mostAgeMs > 0;
}

export function createSightings({ blobs, mostAgeMs, now }: SightingOptions) {
  const seen = new Map<string, Sighting>();

  function compare(guid: string, etag: string | undefined, asked = now()): void {
    const sighting = seen.get(guid);
    if (sighting === undefined) return;
    if (sighting.etag === etag) sighting.at = Math.max(sighting.at, asked);
    else sighting.isOld = true;
  }

  function look(guid: string, sighting: Sighting): Promise<void> {
    const asked = now();
    sighting.looking = blobs
      .etagOf(manifestKey(guid))
      .then((etag) => compare(guid, etag, asked))
      .finally(() => {
        sighting.looking = undefined;
      });
    return sighting.looking;
  }

  async function refresh(guid: string, most = mostAgeMs): Promise<void> {
    for (;;) {
      const sighting = seen.get(guid);
      if (sighting === undefined || sighting.isOld || isRecent(now() - sighting.at, most)) return;
      if (sighting.looking === undefined) return look(guid, sighting);
      // Somebody looks already, and may have begun before what is asked about happened.
      await sighting.looking;
    }
  }

  return {
    refresh,
    compare,
    /** The version that this process knows; undefined where it knows of none. */
    etagOf: (guid: string) => seen.get(guid)?.etag,
    /** `at`: when it was asked for. */
    saw(guid: string, etag: string, at = now()): void {
      const known = seen.get(guid);
      if (known !== undefined && known.at > at && known.etag !== etag) {
        // Somebody has read what was replaced meanwhile: they have to read again.
        known.isOld = true;
        return;
      }
      seen.delete(guid);
      seen.set(guid, { etag, at, isOld: false });
      const [oldest] = seen.keys();
      if (seen.size > MOST && oldest !== undefined) seen.delete(oldest);
    },
    forget: (guid: string) => seen.delete(guid),
    /** What is known is old, or may be. */
    suspect(guid: string): void {
      const sighting = seen.get(guid);
      if (sighting !== undefined) sighting.isOld = true;
    },
    /** A pack that is being read is asked for by many: to them it is read, not changed. */
    async during<T>(guid: string, read: () => Promise<T>): Promise<T> {
      const sighting = seen.get(guid);
      const wasOld = sighting?.isOld === true;
      if (sighting !== undefined) sighting.isOld = false;
      try {
        return await read();
      } catch (error) {
        if (sighting !== undefined && wasOld) sighting.isOld = true;
        throw error;
      }
    },
    changed(guid: string): boolean {
      const sighting = seen.get(guid);
      if (sighting === undefined) return true;
      // Nobody waits for it here: a place that does not answer is met by whoever does.
      refresh(guid).catch(() => undefined);
      return sighting.isOld;
    },
  };
}
