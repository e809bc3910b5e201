// Working sessions: files and a real browser page.
export { type FoundChromium, findChromium } from './chromium.ts';
export { createSessionProvider, type SessionOptions } from './provider.ts';
