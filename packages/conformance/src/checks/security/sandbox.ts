// What a stranger's code must not be able to do (spec 1, trust): each language tries to get at its machine.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AGENTS, LANGUAGES } from '../../agents/agents.ts';
import { type Check, must, should } from '../../check.ts';
import { equal, ok, show } from '../../expect.ts';
import { hasStatus } from '../../shapes.ts';

export const SANDBOX_CHECKS: readonly Check[] = LANGUAGES.flatMap((language) => [
  must(
    `SANDBOX-${language}`,
    `deployed ${language} reaches no file, no environment, no program and no network`,
    async (subject) => {
      const trap = await openTrap();
      try {
        const { filename, source } = AGENTS[language].reach;
        const pack = await subject.deploy([{ filename, source: source.replaceAll('PORT', String(trap.port)) }]);
        const answer = await subject.call(pack, 'reach');
        hasStatus(answer, 200, 'a call that tries');
        const { output } = answer.json as { readonly output?: unknown };
        ok(['[]', '{}', '"nothing"'].includes(JSON.stringify(output)), `it got at ${show(output)}`);
        ok(!trap.sprung(), 'it got into the network of the machine');
      } finally {
        trap.close();
      }
    },
    language,
    'sandbox',
  ),
  should(
    `ISOLATION-${language}`,
    `${language} of one user sees nothing that another one left in its program`,
    async (subject) => {
      const pack = await subject.deployAgents(['stain'], {}, language);
      for (let n = 0; n < 5; n++) {
        const seen = await subject.output(pack, 'stain', { mark: `mark ${n}` }, { user: randomUUID() });
        equal(seen, null, 'what a new user sees');
      }
    },
    language,
    'sandbox',
  ),
]);

/** A server on this machine that code in a sandbox must not reach. */
async function openTrap(): Promise<{
  readonly port: number;
  readonly sprung: () => boolean;
  readonly close: () => void;
}> {
  let sprung = false;
  const server = createServer((_request, response) => response.end());
  server.on('connection', () => {
    sprung = true;
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  return { port, sprung: () => sprung, close: () => server.close() };
}
