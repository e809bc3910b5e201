// The password of one proxy: other programs on the machine see the port, and cannot use it.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export type Password = {
  readonly credentials: { readonly username: string; readonly password: string };
  /** Whether the request carries it. */
  opens(request: IncomingMessage): boolean;
};

export function createPassword(): Password {
  const credentials = { username: 'session', password: randomBytes(24).toString('base64url') };
  const text = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
  const expected = Buffer.from(`Basic ${text}`);
  return {
    credentials,
    opens({ headers }) {
      const given = Buffer.from(headers['proxy-authorization'] ?? '');
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
