// One pack of a host: who it is, whether it may be changed over the wire, and its live catalog.
import type { PackManifest, Permissions } from '@pypes/contract';
import type { Catalog } from '../agents/catalog.ts';

/** A pack that a host serves. */
export interface Pack {
  readonly guid: string;
  readonly manifest: PackManifest;
  /** The operator's own folder, or a pack that was sealed: the wire can call it, but not change it. */
  readonly sealed: boolean;
  /** Whether its files run with the full power of their language: the operator's folders do (spec 1, trust). */
  readonly trusted: boolean;
  /** What its manifest asks for. */
  readonly asked: Partial<Permissions>;
  /** Names the files that it has now; absent where they change as they like. */
  readonly contentDigest?: () => Promise<string>;
  readonly catalog: Catalog;
  /** The folder of an operator's pack. */
  readonly folder?: string;
}
