// Sandboxed JavaScript inside a thread of Node.
import type { GuestLanguage } from '../../../threads/guest/language.ts';
import { createSandboxLanguage } from './language.ts';
import { nodePlatform } from './node.ts';

export const language: GuestLanguage = createSandboxLanguage(nodePlatform);
