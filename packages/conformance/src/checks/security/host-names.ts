// The Host header on loopback: a name that somebody else bound to this machine's address is refused (DNS rebinding).
import { type Check, must } from '../../check.ts';
import { hasStatus } from '../../shapes.ts';
import { bundle } from '../deploy/bundles.ts';

const FOREIGN = ['evil.example', 'evil.example:7080', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1'];
const REFUSED = [400, 401, 403, 404, 421];

export const HOST_CHECKS: readonly Check[] = [
  must(
    'HOST-1',
    'a name that somebody else bound to this machine is refused',
    async (subject) => {
      for (const host of FOREIGN) {
        hasStatus(await subject.send('/api/pack/healthz', { headers: { host } }), REFUSED, `a request to ${host}`);
      }
    },
    'local',
  ),
  must(
    'HOST-2',
    'nothing is deployed under such a name, whatever the page says it is',
    async (subject) => {
      for (const host of FOREIGN) {
        const body = bundle(subject);
        const headers = { host, origin: `http://${host}` };
        const answer = await subject.send('/api/pack/deploy', { method: 'POST', headers, body });
        hasStatus(answer, REFUSED, `a deploy to ${host}`);
        const health = await subject.send(`/api/pack/${String(body.pack_guid)}/healthz`);
        hasStatus(health, 404, 'the health of its pack');
      }
    },
    'local',
  ),
  must(
    'HOST-3',
    "this machine's own names are taken, with any port",
    async (subject) => {
      const { port } = new URL(subject.url);
      for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, 'LOCALHOST', '127.0.0.1:9999']) {
        hasStatus(await subject.send('/api/pack/healthz', { headers: { host } }), 200, `a request to ${host}`);
      }
    },
    'local',
  ),
];
