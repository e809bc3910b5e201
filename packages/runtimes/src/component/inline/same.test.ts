// What holds of components in threads holds of those in isolates: the same tests, over the inline runtime.
import { vi } from 'vitest';

vi.mock('../index.ts', async (original) => {
  const { createInlineForTests } = await import('./testing/runtime.ts');
  return { ...(await original<object>()), createComponentRuntime: () => createInlineForTests() };
});
vi.mock('../testing/threads.ts', () => ({ HAS_THREADS: false }));

await import('../component.test.ts');
await import('../host.test.ts');
await import('../escape/handles.test.ts');
await import('../escape/names.test.ts');
await import('../escape/traps.test.ts');
await import('../escape/values.test.ts');
await import('../core/core.suite.test.ts');
