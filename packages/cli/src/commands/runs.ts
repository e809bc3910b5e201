// pypes runs: what ran and what runs, at a service or on this machine (spec 5).
import { setTimeout as pause } from 'node:timers/promises';
import { PypesError } from '@pypes/contract';
import { isTerminal, RUN_STATUSES, type RunStatus } from '@pypes/contract/runs';
import type { Command } from 'commander';
import { collect, parseJsonObject, parseWhole } from '../input.ts';
import { DEFAULT_ROOT } from '../local.ts';
import { toEventLine } from '../runs/event-line.ts';
import { followRun, printResult, showEvents } from '../runs/follow-run.ts';
import { type RunsPlace, withRuns } from '../runs/open-runs.ts';
import { writeWhole } from '../runs/write-whole.ts';
import { style, toTable } from '../style.ts';

type Place = RunsPlace & { readonly json?: boolean };

const MOST = 500;
/** How long canceling is waited for; a run that takes longer is being canceled all the same. */
const SOON_MS = 2_000;
const LOOK_MS = 50;

/** Adds the commands. */
export function registerRuns(program: Command): void {
  const runs = program.command('runs').summary('list, show, cancel and repeat runs');
  const add = (name: string, summary: string) =>
    runs
      .command(name)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}.`)
      .option('--url <url>', 'a service instead of this machine')
      .option('--token <token>', 'token for the service', process.env.PYPES_TOKEN)
      .option('--tenant <tenant>', 'for whom, at a service with tenants')
      .option('--root <folder>', 'where runs are kept', DEFAULT_ROOT)
      .option('--json', 'print the answer as JSON');
  add('list', 'list runs, the newest first')
    .option('--status <status>', RUN_STATUSES.join(', '))
    .option('--agent <name>', 'runs of this agent')
    .option('--limit <n>', 'how many (default: 20)')
    .action(list);
  add('show', 'show a run with its events')
    .argument('<run>', 'the id of a run')
    .option('--events', 'every event')
    .option('--follow', 'wait until it has ended')
    .action(show);
  add('cancel', 'cancel a run').argument('<run>', 'the id of a run').action(cancel);
  add('replay', 'run it again, on the same version')
    .argument('<run>', 'the id of a run')
    .option('--input <json>', 'another input')
    .option('--recorded', 'answer host calls from the record where it has them')
    .option('--folder <folder>', 'folder of agent files (default: agents, else the current folder)', collect, [])
    .option('--blueprints <folder>', 'folder of blueprints')
    .option('--follow', 'show every event as it happens')
    .action(replay);
  add('artifact', 'fetch what a run left: all of it as a zip, its index, or one file')
    .argument('<run>', 'the id of a run')
    .argument('[path]', 'one file of it')
    .option('--list', 'list the files')
    .option('--out <file>', 'where to write it (default: <run>.zip; one file goes to standard output)')
    .action(artifact);
}

async function list(options: Place & { readonly status?: string; readonly agent?: string; readonly limit?: string }) {
  const { status, agent } = options;
  if (status !== undefined && !RUN_STATUSES.some((each) => each === status)) {
    throw new PypesError('invalid_request', `--status takes ${RUN_STATUSES.join(', ')}, got "${status}"`);
  }
  const limit = options.limit === undefined ? 20 : parseWhole(options.limit, '--limit', 1, MOST);
  const page = await withRuns(options, 'reads', (client) =>
    client.list({
      limit,
      ...(status === undefined ? {} : { status: status as RunStatus }),
      ...(agent === undefined ? {} : { agent }),
    }),
  );
  if (options.json === true) {
    console.log(JSON.stringify({ status: 'ok', ...page }));
    return;
  }
  if (page.runs.length === 0) {
    console.log('No run');
    return;
  }
  const rows = page.runs.map((run) => [
    run.run_id,
    run.status,
    run.agent ?? run.blueprint ?? run.agreement ?? '',
    run.created_at,
    run.error === undefined ? '' : `${run.error.type}: ${run.error.message}`,
  ]);
  console.log(toTable([['run', 'status', 'what', 'created', ''], ...rows]));
  if (page.next_cursor !== undefined) console.log(style('dim', `There are more; --limit takes up to ${MOST}`));
}

async function show(id: string, options: Place & { readonly events?: boolean; readonly follow?: boolean }) {
  await withRuns(options, 'reads', async (client) => {
    if (options.follow === true) await showEvents(client, id, { ...options, follow: options.events === true });
    const run = await client.get(id);
    const events = [];
    if (options.events === true && options.follow !== true) {
      for (let cursor: string | undefined; ; ) {
        const page = await client.events(id, { limit: MOST, ...(cursor === undefined ? {} : { cursor }) });
        events.push(...page.events);
        if (page.events.length === 0 || page.complete) break;
        cursor = page.next_cursor;
      }
    }
    if (options.json === true) {
      console.log(JSON.stringify({ status: 'ok', run, ...(options.events === true ? { events } : {}) }));
      return;
    }
    for (const event of events) console.log(`${event.seq}  ${event.time}  ${toEventLine(event, true)}`);
    console.log(JSON.stringify(run, null, 2));
  });
}

async function cancel(id: string, options: Place) {
  const run = await withRuns(options, 'cancels', async (client) => {
    let run = await client.cancel(id);
    for (const end = performance.now() + SOON_MS; !isTerminal(run.status) && performance.now() < end; ) {
      await pause(LOOK_MS);
      run = await client.get(id);
    }
    return run;
  });
  if (options.json === true) console.log(JSON.stringify({ status: 'ok', run }));
  else console.log(isTerminal(run.status) ? `The run is ${run.status}` : 'The run is being canceled');
}

async function replay(
  id: string,
  options: Place & { readonly input?: string; readonly recorded?: boolean; readonly follow?: boolean },
) {
  const input = options.input === undefined ? {} : { input: parseJsonObject(options.input, 'The input') };
  await withRuns(options, 'starts', async (client) => {
    const accepted = await client.replay(id, { ...input, recorded_calls: options.recorded === true });
    printResult(await followRun(client, accepted.run_id, options), options);
  });
}

async function artifact(
  id: string,
  path: string | undefined,
  options: Place & { readonly list?: boolean; readonly out?: string },
) {
  await withRuns(options, 'reads', async (client) => {
    if (options.list === true) {
      const { files } = await client.artifact.list(id);
      if (options.json === true) console.log(JSON.stringify({ status: 'ok', files }));
      else console.log(toTable(files.map((file) => [file.path, String(file.bytes), file.media_type, file.digest])));
      return;
    }
    if (path !== undefined) {
      const { bytes } = await client.artifact.file(id, path);
      if (options.out === undefined) process.stdout.write(bytes);
      else await writeWhole(options.out, [bytes]);
      return;
    }
    const out = options.out ?? `${id}.zip`;
    await writeWhole(out, await client.artifact.zip(id));
    console.log(options.json === true ? JSON.stringify({ status: 'ok', file: out }) : `Written to ${out}`);
  });
}
