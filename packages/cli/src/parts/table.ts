// The optional parts: what only some need, and what is therefore not in the package that people install.

export type Part = {
  readonly name: string;
  /** npm packages by the names that code imports; their versions are those of the lockfile. */
  readonly packages: readonly string[];
  /** What it is for. */
  readonly purpose: string;
  /** What is not possible without it. */
  readonly without: string;
  /** About what it takes on the disk. */
  readonly megabytes: number;
};

export const PARTS: readonly Part[] = [
  {
    name: 'postgres',
    packages: ['pg'],
    purpose: 'durable runs in Postgres',
    without: '[store] kind = "postgres" is refused',
    megabytes: 1,
  },
  {
    name: 's3',
    packages: ['@aws-sdk/client-s3'],
    purpose: "runs' artifacts in S3",
    without: '[artifacts] kind = "s3" is refused',
    megabytes: 9,
  },
  {
    name: 'restate',
    packages: ['@restatedev/restate-sdk', '@restatedev/restate-sdk-clients'],
    purpose: 'runs on many machines, with Restate',
    without: '[engine] kind = "restate" is refused',
    megabytes: 9,
  },
  {
    name: 'browser',
    packages: ['playwright-core'],
    purpose: 'pages in working sessions; needs Chromium too',
    without: 'context.session has no page',
    megabytes: 14,
  },
  {
    name: 'pyodide',
    packages: ['pyodide', 'workerd'],
    purpose: "workerd: strangers' Python where bubblewrap does not work, and pypes edge",
    without: "strangers' Python does not run where bubblewrap does not work, and pypes edge not at all",
    megabytes: 140,
  },
];

/** The part with a package that a module names, `pg` or `pg/lib/x`; undefined for everything else. */
export function partOf(specifier: string): Part | undefined {
  return PARTS.find(({ packages }) => packages.some((name) => specifier === name || specifier.startsWith(`${name}/`)));
}
