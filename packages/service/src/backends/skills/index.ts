// Skills on this machine: what is trusted, fetched, installed, verified.

export { collectGarbage, type Installed, listInstalled } from './collect.ts';
export { inspectFiles, inspectSkill, type SkillReport } from './inspect.ts';
export {
  type Candidate,
  type FetchOptions,
  fetchSkill,
  installSkill,
  markRefreshed,
  uninstallSkill,
} from './install.ts';
export { type SkillPlaces, skillPlaces } from './paths.ts';
export { guidOfSkill } from './skill-pack.ts';
export { openRegistry, readRegistry, readTrustedKeys, type TrustedRegistry, trustRegistry } from './trust.ts';
export { verifyInstalled } from './verify-installed.ts';
