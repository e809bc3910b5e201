// What pypes.toml, the environment and the defaults come to, typed and checked as a whole.
import type { Limits, LogLevel } from '@pypes/contract';
import type { ConfigToken } from './tokens.ts';

/** Paths are absolute, but for the default root. Times in milliseconds. It holds no secret. */
export type Config = {
  readonly service: {
    /** Empty: `agents` where there is one, else the current folder. */
    readonly folders: readonly string[];
    readonly root: string;
    readonly host: string;
    readonly port: number;
    readonly origins: readonly string[];
    readonly allowHosts: readonly string[];
    readonly logLevel: LogLevel;
    readonly maxBodyBytes: number;
  };
  readonly limits: Limits;
  readonly auth: { readonly mode: 'none' } | { readonly mode: 'static_token'; readonly tokens: readonly ConfigToken[] };
  /** `urlEnv` names the environment variable with the address. */
  readonly store:
    | { readonly kind: 'filesystem' }
    | { readonly kind: 'postgres'; readonly urlEnv: string; readonly schema: string };
  readonly artifacts:
    | { readonly kind: 'filesystem' }
    | {
        readonly kind: 's3';
        readonly bucket: string;
        readonly region: string;
        readonly endpoint?: string;
        readonly prefix?: string;
      };
  readonly engine: { readonly concurrency: number; readonly leaseMs: number; readonly maxAttempts: number } & (
    | { readonly kind: 'embedded' }
    | {
        readonly kind: 'restate';
        readonly ingressUrl: string;
        readonly adminUrl: string;
        /** Where a worker listens for it, and under which address it is reached. */
        readonly worker: {
          readonly host: string;
          readonly port: number;
          readonly url?: string;
          readonly identityKeys: readonly string[];
        };
      }
  );
  readonly telemetry: {
    readonly otlpEndpoint?: string;
    /** Names the environment variable with the headers. */
    readonly otlpHeadersEnv?: string;
    readonly serviceName: string;
    readonly traces: boolean;
    readonly metrics: boolean;
  };
  readonly evals: { readonly suites?: string };
  readonly remote: { readonly keyFile?: string; readonly calls: number };
  readonly blueprints: { readonly folder?: string; readonly files: { readonly [name: string]: string } };
};
