// What a web page, a name server and a stranger's code must not be able to do.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AGENTS, LANGUAGES } from '../agents/agents.ts';
import { type Check, must, should } from '../check.ts';
import { equal, ok, oneOf } from '../expect.ts';
import { envelope } from '../shapes.ts';

const FOREIGN = 'https://evil.example';
const LOCAL = 'http://localhost:3000';

export const SECURITY_CHECKS: readonly Check[] = [
  must(
    'CORS-1',
    'a page of this machine may read answers',
    async (subject) => {
      const { headers } = await subject.send('/api/pack/healthz', { headers: { origin: LOCAL } });
      oneOf(headers['access-control-allow-origin'], [LOCAL, '*'], 'access-control-allow-origin');
    },
    'local',
  ),
  must('CORS-2', 'a page of another origin may not', async (subject) => {
    const { headers } = await subject.send('/api/pack/healthz', { headers: { origin: FOREIGN } });
    ok(![FOREIGN, '*'].includes(headers['access-control-allow-origin'] ?? ''), 'no access-control-allow-origin for it');
  }),
  must('CORS-3', 'a page of another origin is not let into the private network', async (subject) => {
    const { headers } = await subject.send('/api/pack/deploy', {
      method: 'OPTIONS',
      headers: {
        origin: FOREIGN,
        'access-control-request-method': 'POST',
        'access-control-request-private-network': 'true',
      },
    });
    ok(headers['access-control-allow-private-network'] !== 'true', 'no access-control-allow-private-network for it');
  }),
  must('CORS-4', 'a page of another origin deploys nothing', async (subject) => {
    const guid = randomUUID();
    const body = { schema: 'pack/1.0', pack_guid: guid, name: 'evil', agents: [AGENTS[subject.language].echo] };
    for (const type of ['application/json', 'text/plain']) {
      const headers = { origin: FOREIGN, 'content-type': type };
      envelope(await subject.send('/api/pack/deploy', { method: 'POST', headers, body }), [400, 401, 403, 415]);
      envelope(await subject.send(`/api/pack/${guid}/healthz`), 404);
    }
  }),
  must(
    'HOST-1',
    'a name that was bound to this machine by somebody else is refused',
    async (subject) => {
      const answer = await subject.send('/api/pack/healthz', { headers: { host: 'evil.example' } });
      ok(answer.status >= 400, `the status for Host: evil.example is ${answer.status}`);
    },
    'local',
  ),
  ...LANGUAGES.map((language) =>
    must(
      `SANDBOX-${language}`,
      `deployed ${language} reaches no file, no environment and no network`,
      async (subject) => {
        const { port, reached, close } = await listen();
        try {
          const file = AGENTS[language].reach;
          const pack = await subject.deploy([{ ...file, source: file.source.replaceAll('PORT', String(port)) }]);
          const answer = await subject.call(pack, 'reach');
          if (answer.status === 200) {
            const { output } = answer.json as { readonly output: unknown };
            ok(
              JSON.stringify(output) === '[]' || output === 'nothing' || JSON.stringify(output) === '{}',
              `it got ${JSON.stringify(output)}`,
            );
          }
          ok(!reached(), 'it got into the network');
        } finally {
          close();
        }
      },
      language,
    ),
  ),
  ...(['wrong', 'none'] as const).map((token, index) =>
    must(
      `AUTH-${index + 1}`,
      `with ${token === 'none' ? 'no' : 'a wrong'} token nothing is called`,
      async (subject) => {
        const pack = await subject.deployAgents(['echo']);
        const headers = token === 'none' ? { authorization: '' } : { authorization: 'Bearer wrong' };
        const answer = await subject.send(`/api/pack/${pack.guid}/agent`, {
          method: 'POST',
          headers,
          body: { name: 'echo' },
        });
        envelope(answer, [401, 403]);
      },
      'auth',
    ),
  ),
  should(
    'AUTH-3',
    'the token of one pack opens no other',
    async (subject) => {
      const [one, two] = [await subject.deployAgents(['echo']), await subject.deployAgents(['echo'])];
      ok(one.token !== undefined && one.token !== two.token, 'each pack has a token of its own');
      envelope(await subject.call({ guid: two.guid, token: one.token }, 'echo'), [401, 403]);
      const again = await subject.deployAgents(['echo'], subject.language, { pack_guid: one.guid });
      envelope(await subject.call({ guid: one.guid, token: one.token }, 'echo'), [401, 403]);
      equal(await subject.output(again, 'echo', { value: 1 }), 1, 'with the new token');
    },
    'auth',
  ),
];

/** A server on this machine that code in a sandbox must not reach. */
async function listen(): Promise<{
  readonly port: number;
  readonly reached: () => boolean;
  readonly close: () => void;
}> {
  let reached = false;
  const server = createServer((_request, response) => response.end());
  server.on('connection', () => {
    reached = true;
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  return { port, reached: () => reached, close: () => server.close() };
}
