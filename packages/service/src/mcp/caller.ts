// Who speaks to the MCP door, as far as the door needs to know; never taken from what a model wrote.
import type { PackManifest } from '@pypes/contract';

/** One client's identity. */
export type McpCaller = {
  /** The same for the same credentials: what may see the same tools. Says nothing about them. */
  readonly scope: string;
  /** Holds the operator's token, or started this process: may say yes to what the guard asks a person. */
  readonly operator: boolean;
  /** Whose memory agents see. */
  readonly userGuid?: string;
  mayUse(manifest: PackManifest): boolean;
};

/** What sessions and tasks belong to: the same credentials and the same user. */
export function ownerOf(caller: McpCaller): string {
  return `${caller.scope} ${caller.userGuid ?? ''}`;
}
