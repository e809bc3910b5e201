// Keys and tokens that their issuers gave a shape of their own.
import { looksRandom } from '../checks/secret.ts';
import type { Recogniser } from './recogniser.ts';

/** Samples are put together here, so that no scanner of source code takes them for real ones. */
const sample = (...parts: readonly string[]) => parts.join('');
const R36 = 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5';
const R22 = 'aB3dE5gH7jK9mN1pQ3sT5v';
const HEX32 = '0123456789abcdeffedcba9876543210';
const TOKEN = '[A-Za-z0-9_-]';

/** A rule for one family: a public prefix and what follows it. */
function family(
  rule: string,
  pattern: string,
  hits: readonly string[],
  misses: readonly string[],
  more: Partial<Recogniser> = {},
): Recogniser {
  return { id: 'secrets', rule, pattern, hits, misses, ...more };
}

/** Tokens by prefix. */
export const TOKENS: readonly Recogniser[] = [
  family(
    'aws-access-key-id',
    '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}',
    [sample('AKIA', 'IOSFODNN7EXAMPLE'), sample('id=ASIA', 'Y34FZKBOKMUTVV7A')],
    [sample('AKIA', 'IOSFODNN7EXAMPL'), sample('XAKIA', 'IOSFODNN7EXAMPLE'), sample('AKIA', 'iosfodnn7example')],
  ),
  family(
    'github-token',
    'gh[pousr]_[A-Za-z0-9]{36}',
    [sample('ghp_', R36), sample('gho_', R36), sample('token ghs_', R36, R36)],
    [sample('ghp_', R22), sample('ghz_', R36), sample('xghp_', R36)],
    { tail: '[A-Za-z0-9]' },
  ),
  family(
    'github-fine-grained-token',
    'github_pat_[A-Za-z0-9_]{22}',
    [sample('github_pat_', '11', R36, '_', R36)],
    [sample('github_pat_', 'short')],
    { tail: '[A-Za-z0-9_]' },
  ),
  family(
    'gitlab-token',
    'gl(?:pat|dt|rt|ft|cbt|ptt|soat|agent)-[A-Za-z0-9_-]{20}',
    [sample('glpat-', R22), sample('glrt-', R22)],
    [sample('glpat-', 'too-short'), sample('glxx-', R22)],
    { tail: TOKEN },
  ),
  family(
    'slack-token',
    'xox[abeoprs]-[A-Za-z0-9-]{10}|xapp-[0-9]-[A-Za-z0-9-]{10}',
    [
      sample('xoxb-', '123456789012-abcdefGHIJKL'),
      sample('xoxp-', '1234567890-12345'),
      sample('xapp-', '1-A0123-456-abcdef'),
    ],
    [sample('xoxb-', 'short'), sample('xoxz-', '123456789012')],
    { tail: TOKEN },
  ),
  family(
    'slack-webhook',
    'hooks\\.slack\\.com/services/T[A-Z0-9]{8}',
    [sample('https://hooks.slack.com/', 'services/T00000001/B00000001/', R22)],
    ['https://hooks.slack.com/about'],
    { tail: '[A-Za-z0-9/]', notBefore: '[A-Za-z0-9.-]' },
  ),
  family(
    'stripe-key',
    '(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{16}|whsec_[A-Za-z0-9+/]{32}',
    [sample('sk_', 'live_', R22), sample('rk_', 'test_', R22), sample('whsec_', R36)],
    [sample('pk_', 'live_', R22), sample('sk_', 'live_', 'short')],
    { tail: '[A-Za-z0-9+/]' },
  ),
  family(
    'google-key',
    'AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{28}|ya29\\.[A-Za-z0-9_-]{20}',
    [sample('AIza', 'SyD', R36.slice(0, 32)), sample('ya29.', R36), sample('GOCSPX-', R36.slice(0, 28))],
    [sample('AIza', R22), 'ya29.short'],
    { tail: TOKEN },
  ),
  family(
    'anthropic-key',
    'sk-ant-[A-Za-z0-9_-]{20}',
    [sample('sk-ant-', 'api03-', R36), sample('sk-ant-', 'admin01-', R36)],
    [sample('sk-ant-', 'short')],
    { tail: TOKEN, notBefore: '[A-Za-z0-9_-]' },
  ),
  family(
    'openai-key',
    'sk-[A-Za-z0-9_-]{20}',
    [sample('sk-', R36, R22.slice(0, 12)), sample('sk-', 'proj-', R36, '_', R36), sample('sk-', 'svcacct-', R36)],
    ['sk-loading-spinner-container-large', sample('task-', R36), 'sk-short1A'],
    { tail: TOKEN, notBefore: '[A-Za-z0-9_-]', check: looksRandom },
  ),
  family('npm-token', 'npm_[A-Za-z0-9]{36}', [sample('npm_', R36)], [sample('npm_', R22), 'npm_config_registry']),
  family(
    'pypi-token',
    'pypi-[A-Za-z0-9_-]{32}',
    [sample('pypi-', 'AgEIcHlwaS5vcmc', R36)],
    ['pypi-publish-action-for-all-our-python-packages', sample('pypi-', R22)],
    { tail: TOKEN, notBefore: '[A-Za-z0-9_-]', check: looksRandom },
  ),
  family(
    'sendgrid-key',
    'SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{16}',
    [sample('SG.', R22, '.', R36, 'abcdefg')],
    [sample('SG.', R22), 'MSG.aB3dE5gH7jK9mN1pQ3sT5v.aB3dE5gH7jK9mN1pQ3sT5v'],
    { tail: TOKEN },
  ),
  family('twilio-key', 'SK[0-9a-f]{32}', [sample('SK', HEX32)], [sample('SK', HEX32, '0'), sample('TASK', HEX32)]),
  family(
    'json-web-token',
    'eyJ[A-Za-z0-9_-]{10,400}\\.[A-Za-z0-9_-]{10}',
    [
      sample(
        'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9',
        '.eyJzdWIiOiIxMjM0NTY3ODkwIn0',
        '.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P',
      ),
    ],
    ['eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9', 'eyJ.eyJ.x'],
    { tail: '[A-Za-z0-9_.-]', notBefore: '[A-Za-z0-9_-]' },
  ),
  family(
    'huggingface-token',
    'hf_[A-Za-z]{34}',
    [sample('hf_', 'abcdefghijklmnopqrstuvwxyzABCDEFGH')],
    ['hf_hub_download'],
  ),
  family(
    'digitalocean-token',
    'do[opr]_v1_[a-f0-9]{64}',
    [sample('dop_', 'v1_', HEX32, HEX32)],
    [sample('dop_', 'v1_', HEX32)],
  ),
  family('vault-token', 'hv[sbr]\\.[A-Za-z0-9_-]{24}', [sample('hvs.', R36)], ['hvs.short'], { tail: TOKEN }),
  family('shopify-token', 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}', [sample('shpat_', HEX32)], [sample('shpxx_', HEX32)]),
  family('databricks-token', 'dapi[a-f0-9]{32}', [sample('dapi', HEX32)], ['dapi_config']),
  family(
    'telegram-bot-token',
    '[0-9]{8,10}:AA[A-Za-z0-9_-]{33}',
    [sample('123456789', ':AA', R36.slice(0, 33))],
    ['12345678:AAshort'],
  ),
  family('mailgun-key', 'key-[0-9a-f]{32}', [sample('key-', HEX32)], ['key-value']),
  family('mailchimp-key', '[0-9a-f]{32}-us[0-9]{1,2}', [sample(HEX32, '-us12')], [sample(HEX32, '-eu1')]),
  family('linear-key', 'lin_api_[A-Za-z0-9]{40}', [sample('lin_api_', R36, 'abcd')], ['lin_api_version']),
  family(
    'grafana-token',
    'glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}',
    [sample('glsa_', R36.slice(0, 32), '_0123abcd')],
    ['glsa_short_0123abcd'],
  ),
  family(
    'age-key',
    'AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}',
    [sample('AGE-SECRET-', 'KEY-1', 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE')],
    ['AGE-SECRET-KEY-1'],
  ),
];
