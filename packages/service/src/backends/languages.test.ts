// What is said of a language before it is loaded is what it says itself.
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { NODE_LANGUAGES } from './languages.ts';

it.each(NODE_LANGUAGES.map(({ about, make }) => [about.name, about, make] as const))(
  '%s is what was said of it',
  async (_, about, make) => {
    const runtime = await make(tmpdir(), false);
    const { name, extensions, companions, capabilities } = runtime;
    expect({ name, extensions, companions, capabilities }).toEqual({ companions: undefined, ...about });
    await runtime.close();
  },
);
