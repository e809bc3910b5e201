// Every command by its name. What a command stands on is loaded with it: a line on the terminal waits for nothing else.
import type { Command } from 'commander';

/** Adds commands to the program. */
export type Register = (program: Command) => void;

/** One file of commands, in the order of the help. */
const FILES: readonly { readonly names: readonly string[]; readonly load: () => Promise<Register> }[] = [
  { names: ['serve'], load: async () => (await import('./commands/serve.ts')).registerServe },
  { names: ['edge'], load: async () => (await import('./commands/edge.ts')).registerEdge },
  { names: ['worker'], load: async () => (await import('./commands/worker.ts')).registerWorker },
  { names: ['list'], load: async () => (await import('./commands/list.ts')).registerList },
  { names: ['call'], load: async () => (await import('./commands/call.ts')).registerCall },
  { names: ['mcp'], load: async () => (await import('./commands/mcp.ts')).registerMcp },
  { names: ['add'], load: async () => (await import('./commands/add.ts')).registerAdd },
  { names: ['connect'], load: async () => (await import('./commands/connect.ts')).registerConnect },
  { names: ['new'], load: async () => (await import('./commands/new.ts')).registerNew },
  { names: ['test'], load: async () => (await import('./commands/test.ts')).registerTest },
  { names: ['eval'], load: async () => (await import('./commands/eval.ts')).registerEval },
  { names: ['check'], load: async () => (await import('./commands/check.ts')).registerCheck },
  { names: ['contract'], load: async () => (await import('./commands/contract.ts')).registerContract },
  { names: ['run'], load: async () => (await import('./commands/run.ts')).registerRun },
  { names: ['runs'], load: async () => (await import('./commands/runs.ts')).registerRuns },
  { names: ['bundle'], load: async () => (await import('./commands/bundle.ts')).registerBundle },
  { names: ['deploy'], load: async () => (await import('./commands/deploy.ts')).registerDeploy },
  { names: ['pull'], load: async () => (await import('./commands/pull.ts')).registerPull },
  { names: ['grant'], load: async () => (await import('./commands/grant.ts')).registerGrant },
  {
    names: ['install', 'fetch', 'uninstall', 'skills', 'verify'],
    load: async () => (await import('./commands/install.ts')).registerInstall,
  },
  { names: ['publish', 'sign'], load: async () => (await import('./commands/publish.ts')).registerPublish },
  { names: ['registry'], load: async () => (await import('./commands/registry/registry.ts')).registerRegistry },
  { names: ['vault'], load: async () => (await import('./commands/vault.ts')).registerVault },
  { names: ['approvals'], load: async () => (await import('./commands/approvals.ts')).registerApprovals },
  { names: ['audit'], load: async () => (await import('./commands/audit.ts')).registerAudit },
  { names: ['guard'], load: async () => (await import('./commands/guard.ts')).registerGuard },
  { names: ['translate'], load: async () => (await import('./commands/translate.ts')).registerTranslate },
  { names: ['eject'], load: async () => (await import('./commands/eject.ts')).registerEject },
  { names: ['lispy'], load: async () => (await import('./commands/lispy.ts')).registerLispy },
  { names: ['config'], load: async () => (await import('./commands/config.ts')).registerConfig },
  { names: ['conformance'], load: async () => (await import('./commands/conformance.ts')).registerConformance },
  { names: ['parts'], load: async () => (await import('./commands/parts.ts')).registerParts },
  { names: ['completion'], load: async () => (await import('./commands/completion.ts')).registerCompletion },
  { names: ['doctor'], load: async () => (await import('./commands/doctor.ts')).registerDoctor },
];

/** They say what the others take. */
const ABOUT_ALL = ['completion'];

/** What the arguments need: one file where they begin with a command, and all of them for the help and for mistakes. */
export async function loadCommands([first = '']: readonly string[]): Promise<readonly Register[]> {
  const found = ABOUT_ALL.includes(first) ? undefined : FILES.find(({ names }) => names.includes(first));
  return Promise.all((found === undefined ? FILES : [found]).map(({ load }) => load()));
}
