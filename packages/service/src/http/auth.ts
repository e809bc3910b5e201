// Tokens: what a pack asks of its callers, and what the operator holds (spec 2, deploy).
import { type Json, type PackManifest, PypesError } from '@pypes/contract';
import type { WireRequest } from './wire-request.ts';

/** Who may do what. */
export type ServiceAuth = {
  /** Each deployed pack gets a token, and operators' folders ask for the operator's. */
  readonly required: boolean;
  /** Opens everything. */
  readonly operatorToken?: string;
  /** Whether a new pack may be deployed without the operator's token. */
  readonly openDeploy?: boolean;
};

/** A new pack token and what is stored of it. */
export async function mintToken(): Promise<{ readonly token: string; readonly sha256: string }> {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const token = `pt_${btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')}`;
  return { token, sha256: await sha256Of(token) };
}

/** A request's credentials, ready to be checked against any number of packs. */
export interface Credentials {
  /** @throws PypesError `unauthorized` without a token, `forbidden` with a wrong one */
  checkPack(manifest: PackManifest): void;
  /** @throws PypesError `unauthorized`, `forbidden` */
  checkNewPack(): void;
  /** What is the operator's own. @throws PypesError `unauthorized`, `forbidden` */
  checkOperator(): void;
}

/** Those of a request without a token, where none is asked for. */
export const NOTHING_ASKED: Credentials = {
  checkPack: checkWithoutToken,
  checkNewPack: () => undefined,
  checkOperator: () => undefined,
};

/** Reads the Authorization header: at once where there is none, and none is asked for. */
export function readCredentials(request: WireRequest, auth: ServiceAuth): Credentials | Promise<Credentials> {
  const header = request.headers.get('authorization');
  return header === null && !auth.required ? NOTHING_ASKED : toCredentials(header, auth);
}

/** Tokens are compared by their digests, so that the time taken tells nothing. */
async function toCredentials(header: string | null, auth: ServiceAuth): Promise<Credentials> {
  const token = header === null ? undefined : /^Bearer +(\S+) *$/i.exec(header)?.[1];
  const given = token === undefined ? undefined : await sha256Of(token);
  const operator = auth.operatorToken === undefined ? undefined : await sha256Of(auth.operatorToken);
  const isOperator = given !== undefined && given === operator;

  function check(wanted: Json | undefined, what: string): void {
    if (isOperator || (given !== undefined && given === wanted)) return;
    if (given === undefined) throw new PypesError('unauthorized', `${what} asks for a token: Authorization: Bearer …`);
    throw new PypesError('forbidden', `The token is not the one of ${what}`);
  }

  return {
    checkPack(manifest) {
      if (!auth.required && manifest.token_sha256 === undefined) return;
      check(manifest.token_sha256, `the pack "${manifest.name}"`);
    },
    checkNewPack() {
      if (auth.required && auth.openDeploy !== true) check(undefined, 'deploying a new pack here');
    },
    checkOperator() {
      if (auth.required) check(undefined, 'the operator');
    },
  };
}

/** A pack that was deployed with a token keeps asking for it, also where the service no longer mints any. */
function checkWithoutToken(manifest: PackManifest): void {
  if (manifest.token_sha256 === undefined) return;
  throw new PypesError('unauthorized', `The pack "${manifest.name}" asks for a token: Authorization: Bearer …`);
}

async function sha256Of(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
