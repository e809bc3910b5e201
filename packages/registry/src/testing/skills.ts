// Small skills for tests.
import { toDigest } from '../encoding/digest.ts';
import { COMPONENT_FILE, INTERFACE_FILE, MANIFEST_FILE } from '../manifest/manifest.ts';
import { type Skill, toSkill } from '../manifest/skill.ts';

/** A skill of one agent file; other `body`, other bytes. */
export function newSkill(name = 'finance', version = '1.0.0', body = 'return 1'): Skill {
  const manifest = `[package]
name = "${name}"
version = "${version}"
description = "Prices of shares and funds"
[permissions]
network = ["api.example.com:443"]
`;
  return toSkill(
    new Map([
      [MANIFEST_FILE, Buffer.from(manifest)],
      ['agent.lua', Buffer.from(body)],
    ]),
  );
}

/** The smallest component: the magic bytes and the version. */
export const EMPTY_COMPONENT = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]);

/** A skill of one component and its interface. */
export function newComponentSkill(name = 'prices', version = '1.0.0', component: Uint8Array = EMPTY_COMPONENT): Skill {
  const wit = Buffer.from('package test:prices;\nworld prices {}\n');
  const manifest = `[package]
name = "${name}"
version = "${version}"
description = "Prices"
license = "MIT"
[interface]
world = "prices"
[checksums]
component = "${toDigest(component)}"
interface = "${toDigest(wit)}"
`;
  return toSkill(
    new Map<string, Uint8Array>([
      [MANIFEST_FILE, Buffer.from(manifest)],
      [COMPONENT_FILE, component],
      [INTERFACE_FILE, wit],
    ]),
  );
}
