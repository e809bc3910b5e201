// Skills published, fetched and verified: TUF repositories, OCI registries, URLs and files.
export type { Collected } from './client/artifacts.ts';
export type { CatalogEntry } from './client/catalog.ts';
export {
  createRegistryClient,
  type Freshness,
  type InstalledSkill,
  type RegistryClient,
  type RegistryClientOptions,
} from './client/client.ts';
export { type ClientLimits, DEFAULT_CLIENT_LIMITS } from './client/context.ts';
export type { Pin } from './client/resolve.ts';
export { type Loaded, loadPath, loadUrl } from './direct/load-direct.ts';
export {
  type Envelope,
  parseEnvelope,
  SIGNATURE_TYPE,
  type Statement,
  signStatement,
  verifyEnvelope,
} from './dsse/envelope.ts';
export { type Digest, isDigest, toDigest } from './encoding/digest.ts';
export { fault, REGISTRY_FAULTS, type RegistryFault, toFaultReason } from './faults.ts';
export { writeAtomically } from './files/atomic-write.ts';
export type { Fetch } from './http/download.ts';
export { createSigningKey, type PublicKey, parsePublicKey, type SigningKey } from './keys/key.ts';
export { readKey, writeKey } from './keys/key-file.ts';
export { type LockedSkill, type Lockfile, withoutSkill, withSkill } from './lockfile/lockfile.ts';
export { parseLockfile } from './lockfile/parse-lockfile.ts';
export { readLockedDigests, readLockfile, updateLockfile } from './lockfile/update-lockfile.ts';
export { toLockfileText } from './lockfile/write-lockfile.ts';
export {
  COMPONENT_FILE,
  type FlowLabels,
  INTERFACE_FILE,
  MANIFEST_FILE,
  type ManifestViolation,
  type SkillManifest,
} from './manifest/manifest.ts';
export { isNamespace, isVersion, parseSkillName, type SkillName, toNameText } from './manifest/names.ts';
export { checkManifest, parseManifest } from './manifest/parse-manifest.ts';
export { openSkill, packSkill, readSkill } from './manifest/read-skill.ts';
export { SKILL_LIMITS, type Skill, type SkillFiles, toSkill } from './manifest/skill.ts';
export type { Credentials } from './oci/auth.ts';
export { type OciAccess, type Pulled, pullArtifact } from './oci/pull.ts';
export { type ComponentInfo, pushSkill } from './oci/push.ts';
export type { OciLimits } from './oci/registry.ts';
export { delegateNamespace } from './repository/delegate.ts';
export { initRepository, type RoleKeys } from './repository/init.ts';
export { DEFAULT_LIFETIMES, type Lifetimes, type Repository } from './repository/layout.ts';
export type { TopRole } from './repository/metadata.ts';
export type { Outcome, Waiting } from './repository/outcome.ts';
export { publishSkill } from './repository/publish.ts';
export { refreshRepository } from './repository/refresh.ts';
export { addKey, type RoleChange, rotateKeys } from './repository/rotate.ts';
export { signFile, signPending } from './repository/sign.ts';
export { type RepositoryStatus, type RoleStatus, readStatus } from './repository/status.ts';
export { revokeSkill, type SkillVersion, yankSkill } from './repository/withdraw.ts';
export type { Revocation } from './revocations/revocations.ts';
export { matchesSource } from './sources/matches.ts';
export { type OciSource, parseSource, type RegistrySource, type Source, toSourceText } from './sources/source.ts';
export { type Proof, type Verified, type VerifyRequest, verifySkill } from './verify/verify-skill.ts';
