// pypes approvals: what waits for a person's yes, and the yes or the no.
import { userInfo } from 'node:os';
import { type Approval, PypesError } from '@pypes/contract';
import { decideApproval, isExpired } from '@pypes/guard';
import { createFilesystemApprovalStore } from '@pypes/stores/filesystem';
import type { Command } from 'commander';
import { DEFAULT_ROOT } from '../local.ts';

type Common = { readonly root: string; readonly json?: boolean };
type Decision = Common & { readonly as?: string; readonly comment?: string };

/** Adds the command. */
export function registerApprovals(program: Command): void {
  const approvals = program
    .command('approvals')
    .summary('what waits for a yes, and the yes or the no')
    .description(
      'Lists calls that wait for a person, and decides about them. A yes is for exactly that call, once, until it expires; the call is then made again.',
    );
  const command = (spec: string, summary: string) =>
    approvals
      .command(spec)
      .summary(summary)
      .description(summary)
      .option('--root <folder>', 'where requests are kept', DEFAULT_ROOT)
      .option('--json', 'as JSON')
      .exitOverride();
  command('list', 'list what waits; --all lists what was decided too')
    .option('--all', 'what was decided, used or has expired too')
    .action(list);
  command('show <id>', 'show a request with its arguments').action(show);
  for (const [name, summary] of [
    ['grant', 'say yes'],
    ['deny', 'say no'],
  ] as const) {
    command(`${name} <id>`, summary)
      .option('--as <name>', 'who says so (default: the name of this account)')
      .option('--comment <text>', 'why')
      .action((id: string, options: Decision) => decide(id, name, options));
  }
}

async function list({ root, json, all }: Common & { readonly all?: boolean }): Promise<void> {
  const now = Date.now();
  const found = (await createFilesystemApprovalStore(root).list()).filter(
    (each) => all === true || (each.state === 'pending' && !isExpired(each, now)),
  );
  if (json === true) console.log(JSON.stringify({ status: 'ok', approvals: found }));
  else if (found.length === 0) console.log('Nothing waits');
  else for (const each of found) console.log(toLine(each, now));
}

function toLine(each: Approval, now: number): string {
  const state = each.state === 'pending' && isExpired(each, now) ? 'expired' : each.state;
  return `${each.id}  ${state.padEnd(7)}  ${each.from} → ${each.tool}  ${each.reason}`;
}

async function show(id: string, { root, json }: Common): Promise<void> {
  const store = createFilesystemApprovalStore(root);
  const found = await store.get(id);
  if (found === undefined) throw new PypesError('not_found', `There is no request "${id}"; pypes approvals list`);
  if (json === true) console.log(JSON.stringify({ status: 'ok', approval: found }));
  else {
    console.log(toLine(found, Date.now()));
    console.log(`expires ${found.expires_at}`);
    console.log(JSON.stringify(found.args, null, 2));
  }
}

async function decide(id: string, decision: 'grant' | 'deny', { root, json, as, comment }: Decision): Promise<void> {
  const decided = await decideApproval(
    createFilesystemApprovalStore(root),
    id,
    { decision, approver: as ?? userInfo().username, ...(comment === undefined ? {} : { comment }) },
    Date.now(),
  );
  if (json === true) console.log(JSON.stringify({ status: 'ok', approval: decided }));
  else
    console.log(
      `${decided.approver} ${decision === 'grant' ? 'granted' : 'denied'} ${decided.id}, until ${decided.expires_at}`,
    );
}
