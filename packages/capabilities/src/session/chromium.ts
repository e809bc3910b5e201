// Chromium on this machine: where it is, and how it is started so that its only way out is the session's proxy.
import { existsSync } from 'node:fs';
import { PypesError } from '@pypes/contract';
import { type Browser, chromium } from 'playwright-core';

/** A browser that can be used; `sandboxed` is whether Chromium's own sandbox is on, which it never is for root. */
export type FoundChromium = { readonly path: string; readonly sandboxed: boolean };

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

const FLAGS = [
  // Also this machine's own addresses go through the proxy, which refuses them.
  '--proxy-bypass-list=<-loopback>',
  '--disable-quic',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
  '--dns-prefetch-disable',
  '--disable-features=DnsOverHttps,AsyncDns,MediaRouter,OptimizationHints,Translate',
];

export function findChromium(path = process.env.PYPES_CHROMIUM): FoundChromium | undefined {
  const found = [...(path === undefined ? [] : [path]), ...PLACES].find((place) => existsSync(place));
  return found === undefined ? undefined : { path: found, sandboxed: process.getuid?.() !== 0 };
}

/** @throws PypesError `unsupported`, `unavailable` */
export async function launchChromium(found: FoundChromium | undefined): Promise<Browser> {
  if (found === undefined) {
    throw new PypesError('unsupported', 'There is no Chromium on this machine; get it with: apt-get install chromium');
  }
  try {
    return await chromium.launch({
      executablePath: found.path,
      chromiumSandbox: found.sandboxed,
      args: FLAGS,
      // Each context names its own; without one nothing gets out.
      proxy: { server: 'http://127.0.0.1:9' },
    });
  } catch (error) {
    const [line] = String(error).split('\n');
    throw new PypesError('unavailable', `Chromium did not start: ${line}`, { cause: error });
  }
}
