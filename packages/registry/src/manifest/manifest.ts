// What a manifest.toml says, as data (spec 4, skill artifact).
import type { Permissions, Violation } from '@pypes/contract';
import type { Digest } from '../encoding/digest.ts';
import type { SkillName } from './names.ts';

export const READS = ['private', 'untrusted', 'public'] as const;
export const SENDS = ['network', 'message', 'write', 'destructive', 'none'] as const;

/** Information flow of one export. */
export type FlowLabels = {
  readonly reads: readonly (typeof READS)[number][];
  readonly sends: readonly (typeof SENDS)[number][];
  /** Names, or JSON pointers, of the arguments that decide where something goes. */
  readonly destinations?: readonly string[];
};

/** A checked manifest. */
export type SkillManifest = {
  readonly package: SkillName & {
    readonly version: string;
    readonly description: string;
    readonly license?: string;
  };
  /** The world of a component. */
  readonly world?: string;
  /** Asked for; nothing is granted by being asked for. */
  readonly permissions: Partial<Permissions>;
  /** By export, or `*`. */
  readonly labels: { readonly [exportName: string]: FlowLabels };
  readonly limits: { readonly memory_mb?: number; readonly cpu_ms?: number };
  /** By file of the skill: `component` means `component.wasm`, `interface` means `interface.wit`. */
  readonly checksums: { readonly [file: string]: Digest };
};

/** One thing that is wrong with a manifest: `path` is a dotted key, `line` counts from 1. */
export type ManifestViolation = Violation & { readonly line?: number };

export const MANIFEST_FILE = 'manifest.toml';
export const COMPONENT_FILE = 'component.wasm';
export const INTERFACE_FILE = 'interface.wit';

/** The file that a key of `[checksums]` speaks about. */
export function toChecksumFile(key: string): string {
  return key === 'component' ? COMPONENT_FILE : key === 'interface' ? INTERFACE_FILE : key;
}
