// What a web page may do, and what a page that somebody visits must never be able to.
import { randomUUID } from 'node:crypto';
import { type Check, must, should } from '../../check.ts';
import { equal, object, ok, oneOf } from '../../expect.ts';
import { envelope, hasStatus } from '../../shapes.ts';
import { bundle, fileOf } from '../deploy/bundles.ts';

const FOREIGN = 'https://evil.example';
const LOCAL = ['http://localhost:3000', 'http://127.0.0.1:8080'];
/** Origins that look like this machine's to who looks too quickly. */
const LOOKALIKES = [
  'http://localhost.evil.example',
  'http://127.0.0.1.evil.example',
  'http://evil.example:80/localhost',
  'https://notlocalhost',
  'null',
  'file://',
];
const REFUSED = [400, 401, 403, 415];
const ALLOWED = 'access-control-allow-origin';

const preflight = (origin: string) => ({
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
    'access-control-request-private-network': 'true',
  },
});

export const PAGE_CHECKS: readonly Check[] = [
  must(
    'CORS-1',
    'a page of this machine may read answers',
    async (subject) => {
      for (const origin of LOCAL) {
        const answer = await subject.send('/api/pack/healthz', { headers: { origin } });
        hasStatus(answer, 200);
        oneOf(answer.headers[ALLOWED], [origin, '*'], ALLOWED);
      }
    },
    'local',
  ),
  must(
    'CORS-2',
    'a page of this machine is told before a call what it may send',
    async (subject) => {
      for (const origin of LOCAL) {
        const { status, headers } = await subject.send(`/api/pack/${randomUUID()}/agent`, preflight(origin));
        ok(status >= 200 && status < 300, `the status of a preflight is ${status}`);
        oneOf(headers[ALLOWED], [origin, '*'], ALLOWED);
        ok(/\bPOST\b/.test(headers['access-control-allow-methods'] ?? ''), 'access-control-allow-methods has POST');
        const allowed = headers['access-control-allow-headers'] ?? '';
        ok(/\bcontent-type\b/i.test(allowed) || allowed === '*', 'access-control-allow-headers has content-type');
      }
    },
    'local',
  ),
  must(
    'CORS-3',
    'a page of this machine is let into the private network',
    async (subject) => {
      for (const origin of LOCAL) {
        const { headers } = await subject.send('/api/pack/healthz', preflight(origin));
        equal(headers['access-control-allow-private-network'], 'true', 'access-control-allow-private-network');
      }
    },
    'local',
  ),
  should(
    'CORS-4',
    'a page of this machine may read failures, too',
    async (subject) => {
      const [origin = ''] = LOCAL;
      const answer = await subject.send(`/api/pack/${randomUUID()}/healthz`, { headers: { origin } });
      envelope(answer, 404);
      oneOf(answer.headers[ALLOWED], [origin, '*'], ALLOWED);
    },
    'local',
  ),
  must(
    'CORS-5',
    'a page of this machine deploys and calls',
    async (subject) => {
      const [origin = ''] = LOCAL;
      const headers = { origin };
      const deployed = await subject.send('/api/pack/deploy', { method: 'POST', headers, body: bundle(subject) });
      hasStatus(deployed, 200, 'the deploy');
      oneOf(deployed.headers[ALLOWED], [origin, '*'], ALLOWED);
      const guid = String(object(deployed.json, 'the answer').pack_guid);
      const body = { name: 'echo', args: { value: 1 } };
      const called = await subject.send(`/api/pack/${guid}/agent`, { method: 'POST', headers, body });
      equal(called.json, { status: 'ok', output: 1 }, 'the answer to a call');
    },
    'local',
  ),
  should(
    'CORS-6',
    'an answer that depends on the origin says so to caches',
    async (subject) => {
      const { headers } = await subject.send('/api/pack/healthz', { headers: { origin: LOCAL[0] ?? '' } });
      ok(
        headers[ALLOWED] === '*' || /\borigin\b/i.test(headers.vary ?? ''),
        `vary has Origin, it is "${headers.vary}"`,
      );
    },
    'local',
  ),
  must('CORS-7', 'a page of another origin may not read answers', async (subject) => {
    for (const origin of [FOREIGN, ...LOOKALIKES]) {
      for (const path of ['/api/pack/healthz', `/api/pack/${randomUUID()}/healthz`]) {
        const { headers } = await subject.send(path, { headers: { origin } });
        ok(![origin, '*'].includes(headers[ALLOWED] ?? ''), `no ${ALLOWED} for ${origin} at ${path}`);
      }
    }
  }),
  must('CORS-8', 'a page of another origin is not let into the private network', async (subject) => {
    for (const origin of [FOREIGN, ...LOOKALIKES]) {
      const { headers } = await subject.send('/api/pack/deploy', preflight(origin));
      ok(headers['access-control-allow-private-network'] !== 'true', `no private network for ${origin}`);
      ok(![origin, '*'].includes(headers[ALLOWED] ?? ''), `no ${ALLOWED} for ${origin}`);
    }
  }),
  must('CORS-9', 'a page of another origin deploys nothing', async (subject) => {
    for (const origin of [FOREIGN, ...LOOKALIKES]) {
      for (const type of ['application/json', 'text/plain']) {
        const body = bundle(subject);
        const headers = { origin, 'content-type': type };
        const answer = await subject.send('/api/pack/deploy', { method: 'POST', headers, body });
        envelope(answer, REFUSED, `a deploy by ${origin} as ${type}`);
        envelope(await subject.send(`/api/pack/${String(body.pack_guid)}/healthz`), 404, 'the health of its pack');
      }
    }
  }),
  must('CORS-10', 'nor in the older spelling', async (subject) => {
    const swarm_guid = randomUUID();
    const body = { schema: 'rapp-swarm/1.0', swarm_guid, name: 'evil', agents: [fileOf(subject)] };
    const headers = { origin: FOREIGN, 'content-type': 'text/plain' };
    envelope(await subject.send('/api/swarm/deploy', { method: 'POST', headers, body }), REFUSED, 'the deploy');
    envelope(await subject.send(`/api/swarm/${swarm_guid}/healthz`), 404, 'the health of its pack');
  }),
  should('CORS-11', 'a page of another origin removes nothing and calls nothing', async (subject) => {
    const pack = await subject.deployAgents(['remember', 'recall']);
    const headers = { origin: FOREIGN, 'content-type': 'text/plain' };
    const body = { name: 'remember', args: { key: 'k', value: 'evil' } };
    const path = `/api/pack/${pack.guid}`;
    envelope(await subject.send(`${path}/agent`, { method: 'POST', headers, body }), REFUSED, 'a call');
    envelope(await subject.send(path, { method: 'DELETE', headers }), REFUSED, 'a removal');
    equal(await subject.output(pack, 'recall', { key: 'k' }), null, 'what was remembered');
  }),
  should('CORS-12', 'no page is allowed to send what the browser keeps of its user', async (subject) => {
    for (const origin of [FOREIGN, 'null']) {
      const { headers } = await subject.send('/api/pack/healthz', preflight(origin));
      ok(headers['access-control-allow-credentials'] !== 'true', `no credentials for ${origin}`);
    }
  }),
];
