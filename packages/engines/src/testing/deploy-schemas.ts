// What deploy/ may hold, as JSON Schemas: the part of Compose's and Kubernetes' own formats that is used there, and no more.
import { Ajv, type ValidateFunction } from 'ajv';

type Schema = { readonly [key: string]: unknown };

const text = { type: 'string', minLength: 1 };
const texts = { type: 'array', items: text, minItems: 1 };
const name = { type: 'string', pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' };
const whole = { type: 'integer', minimum: 0 };
const memory = { type: 'string', pattern: '^\\d+(Mi|Gi)$' };
const image = { type: 'string', pattern: '^[a-z0-9./-]+(:[\\w.-]+)?$' };

/** An object with these properties alone; those whose name ends with `?` may be missing. */
function object(properties: { readonly [key: string]: unknown }): Schema {
  const entries = Object.entries(properties);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([key, schema]) => [key.replace(/\?$/, ''), schema])),
    required: entries.map(([key]) => key).filter((key) => !key.endsWith('?')),
    additionalProperties: false,
  };
}

const list = (items: unknown): Schema => ({ type: 'array', items, minItems: 1 });
const map = (values: unknown): Schema => ({ type: 'object', minProperties: 1, additionalProperties: values });
const is = (value: unknown): Schema => ({ const: value });

const environment = map({ type: 'string' });
const duration = { type: 'string', pattern: '^\\d+s$' };

const composeService = object({
  image,
  'build?': object({ context: text, dockerfile: text }),
  'command?': texts,
  'entrypoint?': texts,
  'environment?': environment,
  'volumes?': texts,
  'ports?': list({ type: 'string', pattern: '^127\\.0\\.0\\.1:\\d+:\\d+$' }),
  networks: texts,
  'depends_on?': {
    anyOf: [texts, map(object({ condition: { pattern: '^service_(healthy|started|completed_successfully)$' } }))],
  },
  'restart?': is('unless-stopped'),
  'init?': is(true),
  'stop_grace_period?': duration,
  'user?': { type: 'string', pattern: '^[1-9]\\d*:[1-9]\\d*$' },
  'read_only?': is(true),
  'tmpfs?': texts,
  'cap_drop?': is(['ALL']),
  'security_opt?': { type: 'array', contains: is('no-new-privileges:true'), items: text },
  'pids_limit?': whole,
  'mem_limit?': { type: 'string', pattern: '^\\d+[mg]$' },
  'shm_size?': { type: 'string', pattern: '^\\d+[mg]$' },
  'cpus?': { type: 'number', exclusiveMinimum: 0 },
  'secrets?': texts,
  'configs?': list(object({ source: text, target: text })),
  'deploy?': object({ replicas: whole }),
  'healthcheck?': object({ test: texts, interval: duration, timeout: duration, retries: whole }),
});

const COMPOSE = {
  ...object({
    name,
    services: map(composeService),
    networks: map({ type: 'object' }),
    volumes: map({ type: 'object' }),
    configs: map(object({ content: text })),
    secrets: map(object({ file: text })),
  }),
  patternProperties: { '^x-': {} },
};

const labels = map(text);
const metadata = object({ name, 'labels?': labels });
const selector = object({ matchLabels: labels });
const probe = {
  ...object({
    'httpGet?': object({ path: text, port: name, 'httpHeaders?': list(object({ name: text, value: text })) }),
    'tcpSocket?': object({ port: name }),
    periodSeconds: whole,
    'timeoutSeconds?': whole,
    'failureThreshold?': whole,
  }),
  oneOf: [{ required: ['httpGet'] }, { required: ['tcpSocket'] }],
};

const container = object({
  name,
  image,
  'args?': texts,
  envFrom: list({
    oneOf: [object({ configMapRef: object({ name }) }), object({ secretRef: object({ name, 'optional?': is(true) }) })],
  }),
  'env?': list(object({ name: text, 'value?': text, 'valueFrom?': object({ fieldRef: object({ fieldPath: text }) }) })),
  ports: list(object({ name, containerPort: whole })),
  startupProbe: probe,
  readinessProbe: probe,
  'livenessProbe?': probe,
  resources: object({ requests: object({ cpu: text, memory }), limits: object({ memory }) }),
  securityContext: is({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  }),
  volumeMounts: list(object({ name, mountPath: text, 'readOnly?': is(true) })),
});

const pod = object({
  metadata: object({ labels }),
  spec: object({
    automountServiceAccountToken: is(false),
    terminationGracePeriodSeconds: whole,
    securityContext: object({
      runAsNonRoot: is(true),
      runAsUser: { type: 'integer', minimum: 1 },
      runAsGroup: { type: 'integer', minimum: 1 },
      fsGroup: { type: 'integer', minimum: 1 },
      'fsGroupChangePolicy?': is('OnRootMismatch'),
      seccompProfile: { enum: [{ type: 'RuntimeDefault' }, { type: 'Localhost', localhostProfile: 'pypes.json' }] },
      'appArmorProfile?': is({ type: 'Unconfined' }),
    }),
    topologySpreadConstraints: list(
      object({
        maxSkew: whole,
        topologyKey: text,
        whenUnsatisfiable: { enum: ['DoNotSchedule', 'ScheduleAnyway'] },
        labelSelector: selector,
      }),
    ),
    containers: list(container),
    volumes: list({
      oneOf: [
        object({ name, emptyDir: object({ sizeLimit: memory }) }),
        object({ name, secret: object({ secretName: name, defaultMode: whole }) }),
      ],
    }),
  }),
});

const manifest = (apiVersion: string, spec: Schema): Schema =>
  object({ apiVersion: is(apiVersion), kind: text, metadata, spec });

const KINDS: { readonly [kind: string]: Schema } = {
  Namespace: object({ apiVersion: is('v1'), kind: text, metadata }),
  ConfigMap: object({ apiVersion: is('v1'), kind: text, metadata, data: environment }),
  Deployment: manifest(
    'apps/v1',
    object({
      replicas: whole,
      strategy: object({ rollingUpdate: object({ maxUnavailable: whole, maxSurge: whole }) }),
      selector,
      template: pod,
    }),
  ),
  StatefulSet: manifest(
    'apps/v1',
    object({
      serviceName: name,
      replicas: whole,
      podManagementPolicy: is('Parallel'),
      selector,
      template: pod,
      volumeClaimTemplates: list(
        object({
          metadata,
          spec: object({ accessModes: texts, resources: object({ requests: object({ storage: memory }) }) }),
        }),
      ),
    }),
  ),
  Service: manifest(
    'v1',
    object({
      'clusterIP?': is('None'),
      'publishNotReadyAddresses?': is(true),
      selector: labels,
      ports: list(object({ name, port: whole, targetPort: name })),
    }),
  ),
  PodDisruptionBudget: manifest('policy/v1', object({ maxUnavailable: whole, selector })),
  NetworkPolicy: manifest(
    'networking.k8s.io/v1',
    object({
      podSelector: { oneOf: [selector, object({})] },
      policyTypes: is(['Ingress']),
      'ingress?': list(
        object({ 'from?': list(object({ podSelector: selector })), ports: list(object({ port: name })) }),
      ),
    }),
  ),
  Kustomization: object({
    apiVersion: is('kustomize.config.k8s.io/v1beta1'),
    kind: text,
    namespace: name,
    resources: texts,
    images: list(object({ name: text, newName: text, newTag: text })),
  }),
};

const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });

/** What is wrong with a Compose file; empty where nothing is. */
export function checkCompose(file: unknown): readonly string[] {
  return check(compiled('compose', COMPOSE), file);
}

/** What is wrong with a manifest; a kind that is not used here is wrong, too. */
export function checkManifest(file: unknown): readonly string[] {
  const kind = String((file as { kind?: unknown } | null)?.kind);
  const schema = KINDS[kind];
  return schema === undefined ? [`No schema for the kind "${kind}"`] : check(compiled(kind, schema), file);
}

const known = new Map<string, ValidateFunction>();

function compiled(key: string, schema: Schema): ValidateFunction {
  const found = known.get(key) ?? ajv.compile(schema);
  known.set(key, found);
  return found;
}

function check(validate: ValidateFunction, file: unknown): readonly string[] {
  if (validate(file)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
