// Chromium on this machine: where it is, and how it is started so that its only way out is a session's proxy.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { PypesError } from '@pypes/contract';
import type { Browser } from 'playwright-core';
import { withBoundedPipe } from './bounded-pipe.ts';

/** A browser that can be used; `sandboxed` is whether Chromium's own sandbox is on, which it never is for root. */
export type FoundChromium = { readonly path: string; readonly sandboxed: boolean };

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** Beside what Playwright sets, which turns off updates, sync, hints and background networking. */
const FLAGS = [
  '--disable-quic',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--disable-domain-reliability',
  '--disable-client-side-phishing-detection',
  '--no-pings',
  '--dns-prefetch-disable',
];

/** Also this machine's own addresses go through the proxy, which refuses them. */
export const NO_BYPASS = '<-loopback>';
const LAUNCH_MS = 60_000;

/** @param path where it is; the usual places when left out */
export function findChromium(path = process.env.PYPES_CHROMIUM): FoundChromium | undefined {
  const found = [...(path === undefined ? [] : [path]), ...PLACES].find((place) => existsSync(place));
  return found === undefined ? undefined : { path: found, sandboxed: process.getuid?.() !== 0 };
}

/**
 * @param home a folder of the browser's own; its environment has nothing of ours, where there may be keys
 * @throws PypesError `unsupported`, `unavailable`
 */
export async function launchChromium(found: FoundChromium | undefined, home: string): Promise<Browser> {
  if (found === undefined) {
    throw new PypesError(
      'unsupported',
      'There is no Chromium on this machine; get it with: apt-get install chromium, or set PYPES_CHROMIUM to its path',
    );
  }
  await mkdir(home, { recursive: true, mode: 0o700 });
  // Loaded when a page is wanted: it is a part that a machine may not have.
  const { chromium } = await import('playwright-core');
  try {
    const launch = () =>
      chromium.launch({
        executablePath: found.path,
        chromiumSandbox: found.sandboxed,
        args: FLAGS,
        ignoreDefaultArgs: ['--disable-popup-blocking'],
        // Each context names its own; without one nothing gets out.
        proxy: { server: 'http://127.0.0.1:9', bypass: NO_BYPASS },
        env: { HOME: home, PATH: process.env.PATH ?? '/usr/bin:/bin', LANG: 'C.UTF-8' },
        // The host's own shutdown closes it; were the host killed, Chromium ends with its pipe.
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
        timeout: LAUNCH_MS,
      });
    return await withBoundedPipe(found.path, launch);
  } catch (error) {
    const [line] = String(error).split('\n');
    const hint = found.sandboxed ? '; its sandbox needs user namespaces, see pypes doctor' : '';
    throw new PypesError('unavailable', `Chromium did not start: ${line}${hint}`, { cause: error });
  }
}
