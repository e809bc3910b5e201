// Connections to the collector, all of which end at once when the service does, whatever the other side does.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** Agents for requests. */
export interface Agents {
  of(protocol: string): HttpAgent | HttpsAgent;
  /** Ends every connection; no new one is made. */
  end(): void;
}

/** A code that no exporter tries again for. */
const ENDED = 'ERR_PYPES_ENDED';

export function createAgents(): Agents {
  const made = new Map<string, HttpAgent | HttpsAgent>();
  let isEnded = false;

  function refuse(agent: HttpAgent): void {
    for (const sockets of [...Object.values(agent.sockets), ...Object.values(agent.freeSockets)]) {
      for (const socket of sockets ?? []) socket.destroy(ended());
    }
    agent.destroy();
    agent.createConnection = (_options, callback) => {
      callback?.(ended(), undefined as never);
      return undefined;
    };
  }

  return {
    of(protocol) {
      const known = made.get(protocol);
      if (known !== undefined) return known;
      const agent = protocol === 'https:' ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
      made.set(protocol, agent);
      if (isEnded) refuse(agent);
      return agent;
    },
    end() {
      isEnded = true;
      for (const agent of made.values()) refuse(agent);
    },
  };
}

function ended(): Error {
  return Object.assign(new Error('The service has ended'), { code: ENDED });
}
