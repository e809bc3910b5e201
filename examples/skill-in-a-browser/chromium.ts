// A real browser, where there is one.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [process.env.PYPES_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-sync',
];

/** Undefined where this machine has no Chromium; on CI that is an error. */
export async function openChromium(): Promise<Browser | undefined> {
  const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));
  if (executablePath === undefined) {
    if (process.env.CI) throw new Error('CI has no Chromium; install it, or set PYPES_CHROMIUM to its path');
    return undefined;
  }
  // Chromium's own sandbox refuses to run as root.
  return chromium.launch({ executablePath, args: FLAGS, chromiumSandbox: process.getuid?.() !== 0 });
}
