import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { checkCompose, checkManifest } from './testing/deploy-schemas.ts';
import { findRestateServer, whyNoRestate } from './testing/restate-server.ts';

const DEPLOY = join(import.meta.dirname, '../../../deploy');
const read = (name: string) => readFileSync(join(DEPLOY, name), 'utf8');
const words = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, word]) => word!);

type Labels = { readonly 'app.kubernetes.io/name': string };
type Named = { readonly name: string };
type Strings = { readonly [key: string]: string };
type Selector = { readonly matchLabels: Labels };

/** Of a manifest, what these tests look at; the schema has checked that it is there. */
type Manifest = {
  readonly kind: string;
  readonly metadata: Named;
  readonly data: Strings;
  readonly resources: readonly string[];
  readonly spec: {
    readonly selector: Selector & Labels;
    readonly template: {
      readonly metadata: { readonly labels: Labels };
      readonly spec: {
        readonly containers: readonly {
          readonly ports: readonly Named[];
          readonly volumeMounts: readonly Named[];
          readonly envFrom: readonly { readonly configMapRef?: Named }[];
        }[];
        readonly volumes: readonly Named[];
      };
    };
    readonly volumeClaimTemplates?: readonly { readonly metadata: Named }[];
    readonly ports: readonly { readonly port: number; readonly targetPort: string }[];
    readonly podSelector: Selector;
    readonly ingress?: readonly {
      readonly from?: readonly { readonly podSelector: Selector }[];
      readonly ports: readonly { readonly port: string }[];
    }[];
  };
};

type Compose = { readonly services: { readonly [name: string]: { readonly environment: Strings } } };

const composeFile = read('compose.yaml');
const compose: Compose = parse(composeFile, { merge: true });
const files = readdirSync(join(DEPLOY, 'kubernetes')).filter((name) => name.endsWith('.yaml'));
const manifests: readonly Manifest[] = files.flatMap((name) =>
  parseAllDocuments(read(`kubernetes/${name}`)).map((document) => {
    expect(document.errors, name).toEqual([]);
    return document.toJS();
  }),
);
const ofKind = (...kinds: readonly string[]) => manifests.filter(({ kind }) => kinds.includes(kind));
const config = (name: string) => ofKind('ConfigMap').find(({ metadata }) => metadata.name === name)!.data;

describe('compose.yaml', () => {
  test('has the form of a Compose file', () => {
    expect(checkCompose(compose)).toEqual([]);
  });

  test('is refused with a mistake in it', () => {
    const broken = parse(composeFile, { merge: true });
    broken.services.worker.healthcheck.test[3] = { ok: '1' };
    broken.services.serve.privileged = true;
    expect(checkCompose(broken)).toHaveLength(2);
  });

  test('has every service that others speak of', () => {
    const services = Object.keys(compose.services);
    expect(services).toEqual(expect.arrayContaining(['serve', 'worker', 'restate-1', 'restate-2', 'restate-3']));
    const { environment } = compose.services['restate-1']!;
    const named = [
      ...words(read('haproxy.cfg'), /^ {2}server(?:-template)? .*? ([\w-]+):\d+ check/gm),
      ...words(read('pypes.toml'), /= "http:\/\/([\w-]+):\d+"/g).filter((host) => host !== 'collector'),
      ...words(environment.RESTATE_METADATA_CLIENT__ADDRESSES!, /http:\/\/([\w-]+):/g),
    ];
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((host) => !services.includes(host))).toEqual([]);
  });

  test('asks for every secret, and holds none', () => {
    const asked = new Set(words(composeFile, /\$\{(\w+):\?/g));
    expect([...asked].sort()).toEqual(words(read('.env.example'), /^(?!AGENTS)(\w+)=$/gm).sort());
    expect(composeFile.match(/(PASSWORD|TOKEN|SECRET\w*|_KEY): (?!\$\{)/g)).toBeNull();
  });

  test('founds one cluster', () => {
    const restate = Object.entries(compose.services).filter(([name]) => name.startsWith('restate-'));
    const found = restate.map(([, service]) => service.environment.RESTATE_AUTO_PROVISION);
    expect(found.sort()).toEqual(['false', 'false', 'true']);
  });
});

describe('kubernetes/', () => {
  test.each(manifests.map((manifest) => [`${manifest.kind} ${manifest.metadata?.name ?? ''}`, manifest]))(
    '%s has its form',
    (_, manifest) => {
      expect(checkManifest(manifest)).toEqual([]);
    },
  );

  test('a pod that runs as root, or a key that nobody knows, is refused', () => {
    const broken = parse(read('kubernetes/serve.yaml').split('\n---\n')[0]!);
    broken.spec.template.spec.securityContext.runAsUser = 0;
    broken.spec.template.spec.containers[0].securityContext.privileged = true;
    broken.spec.replica = 2;
    expect(checkManifest(broken).length).toBeGreaterThanOrEqual(3);
    expect(checkManifest({ kind: 'Secret' })).toHaveLength(1);
  });

  test('the list of resources is all of them', () => {
    const [{ resources }] = ofKind('Kustomization') as [Manifest];
    expect([...resources, 'kustomization.yaml'].sort()).toEqual(files.sort());
  });

  test('services, budgets and policies select pods that are there, and ports that these have', () => {
    const pods = ofKind('Deployment', 'StatefulSet').map(({ spec }) => ({
      name: spec.selector.matchLabels['app.kubernetes.io/name'],
      labels: spec.template.metadata.labels['app.kubernetes.io/name'],
      ports: spec.template.spec.containers[0]!.ports.map((port) => port.name),
    }));
    for (const pod of pods) expect(pod.labels).toBe(pod.name);
    const portsOf = (labels: Labels) => pods.find(({ name }) => name === labels['app.kubernetes.io/name'])!.ports;
    for (const { spec } of ofKind('Service')) {
      for (const { targetPort } of spec.ports) expect(portsOf(spec.selector)).toContain(targetPort);
    }
    for (const { spec } of ofKind('NetworkPolicy')) {
      for (const { from = [], ports } of spec.ingress ?? []) {
        for (const { port } of ports) expect(portsOf(spec.podSelector.matchLabels)).toContain(port);
        for (const { podSelector } of from) expect(portsOf(podSelector.matchLabels)).toBeDefined();
      }
    }
    for (const { spec } of ofKind('PodDisruptionBudget')) expect(portsOf(spec.selector.matchLabels)).toBeDefined();
  });

  test('addresses in the configuration are those of services', () => {
    const addresses = [...Object.values(config('pypes')), ...Object.values(config('restate'))]
      .flatMap((value) => words(value, /http:\/\/([\w.-]+:\d+)/g))
      .map((address) => address.replace(/^restate-\d\./, ''));
    const known = ofKind('Service').flatMap(({ metadata, spec }) =>
      spec.ports.map(({ port }) => `${metadata.name}:${port}`),
    );
    expect(addresses.length).toBe(6);
    expect(addresses.filter((address) => !known.includes(address))).toEqual([]);
  });

  test('what is mounted is a volume, and what is configured is a ConfigMap', () => {
    for (const { spec } of ofKind('Deployment', 'StatefulSet')) {
      const { containers, volumes } = spec.template.spec;
      const claims = (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
      const names = [...volumes.map((volume) => volume.name), ...claims];
      expect(containers[0]!.volumeMounts.map((mount) => mount.name).sort()).toEqual(names.sort());
      for (const { configMapRef } of containers[0]!.envFrom)
        if (configMapRef !== undefined) expect(config(configMapRef.name)).toBeDefined();
    }
  });
});

const missing = whyNoRestate();

test.skipIf(missing !== undefined)(`Restate knows every setting that it is given${missing ?? ''}`, () => {
  const { environment } = compose.services['restate-2']!;
  for (const given of [environment, config('restate')]) {
    const dump = execFileSync(findRestateServer()!, ['--dump-config'], {
      env: { ...given, RESTATE_NODE_NAME: 'restate-2', PATH: process.env.PATH },
      encoding: 'utf8',
    });
    for (const [key, value] of Object.entries<string>(given)) {
      // Its sections are separated by two underscores; what it does not know is not in what it prints.
      const setting = key.replace('RESTATE_', '').split('__').at(-1)!.toLowerCase().replaceAll('_', '-');
      const [printed] = words(dump, new RegExp(`^${setting} = (.*)`, 'gm'));
      expect(printed, `${key}=${value}`).toBeDefined();
    }
    expect(dump).toContain('default-replication = 2');
    expect(dump).toContain('disable-telemetry = true');
    expect(dump).toContain('http2-keep-alive-interval = "5s"');
    expect(dump).toContain('http2-streams-per-connection-limit = 1\n');
    expect(dump).toContain('auto-provision = false');
  }
});

describe('seccomp.json', () => {
  const { defaultAction, syscalls } = JSON.parse(read('seccomp.json'));
  const names: readonly string[] = syscalls.flatMap((rule: { readonly names: readonly string[] }) => rule.names);

  test('lets bubblewrap make its namespaces', () => {
    expect(defaultAction).toBe('SCMP_ACT_ALLOW');
    const needed = ['clone', 'clone3', 'unshare', 'mount', 'umount2', 'pivot_root', 'prctl', 'seccomp', 'sethostname'];
    expect(needed.filter((name) => names.includes(name))).toEqual([]);
  });

  test('refuses what a container has no business with', () => {
    const refused = [
      'bpf',
      'kexec_load',
      'init_module',
      'finit_module',
      'ptrace',
      'open_by_handle_at',
      'keyctl',
      'setns',
    ];
    expect(refused.filter((name) => !names.includes(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });
});
