// A provider for tests, in a folder of its own that is gone afterwards.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Json, type JsonObject, parseNetworkRule, type WorkingSession } from '@pypes/contract';
import { findChromium } from '../chromium.ts';
import { createSessionProvider, type SessionOptions } from '../provider.ts';

export type TestSession = WorkingSession & { use(operation: string, parameters?: JsonObject): Promise<Json> };

export const signal = new AbortController().signal;

/** Why pages are not tested here; in CI a missing browser is a failure. */
export const noChromium =
  findChromium() === undefined && process.env.CI === undefined ? 'Chromium is not installed' : undefined;

export function openSessions(options: Partial<SessionOptions> = {}) {
  const root = mkdtempSync(join(tmpdir(), 'pypes-session-'));
  const provider = createSessionProvider({ root, ...options });
  return {
    root,
    provider,
    async open(rules: readonly string[] = [], maxBytes = 1_000): Promise<TestSession> {
      const about = { scope: { packGuid: 'p' }, runId: 'r', rules: rules.map(parseNetworkRule), maxBytes };
      const session = await provider.open(about);
      return { ...session, use: (operation, parameters = {}) => session.perform(operation, parameters, signal) };
    },
    /** The folders of this provider. */
    folders: () =>
      readdirSync(root).flatMap((own) => readdirSync(join(root, own)).map((name) => join(root, own, name))),
    async close() {
      await provider.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
