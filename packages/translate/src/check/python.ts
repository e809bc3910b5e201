// Runs a Python agent many times in one process, with arguments and results as a host hands them over.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failed, type Job, type Outcome, type RunJobs } from './outcome.ts';
import { runProgram } from './process.ts';

const RUNNER = `
import importlib.util, json, sys
sys.set_int_max_str_digits(0)

def plain(value):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, float):
        if value - value != 0:
            raise ValueError("not finite")
        return value
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("a key that is no text")
        return {key: plain(item) for key, item in value.items()}
    raise ValueError("no JSON")

def target(path):
    spec = importlib.util.spec_from_file_location("agent", path)
    agent = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(agent)
    if hasattr(agent, "AGENT") and hasattr(agent, "run"):
        return lambda args: agent.run(None, **args)
    for kind in list(vars(agent).values()):
        if isinstance(kind, type) and hasattr(kind, "perform") and kind.__name__ != "BasicAgent":
            return lambda args: kind().perform(**args)

targets = {}
for line in sys.stdin:
    path, args = json.loads(line)
    try:
        if path not in targets:
            targets[path] = target(path)
        answer = {"kind": "value", "value": plain(targets[path](args))}
    except RecursionError:
        answer = {"kind": "refused", "message": "RecursionError"}
    except Exception as error:
        answer = {"kind": "error", "message": f"{type(error).__name__}: {error}"}
    sys.__stdout__.write(json.dumps(answer) + "\\n")
`;

/** Needs `python3` on the PATH. */
export const runPython: RunJobs = (jobs) =>
  withFiles(jobs, 'py', async (paths) =>
    toOutcomes(jobs, await runProgram('python3', ['-I', '-c', RUNNER], toLines(jobs, paths))),
  );

/** Writes every job's text into a folder of its own for as long as `work` takes. */
export async function withFiles<T>(
  jobs: readonly Job[],
  ending: string,
  work: (paths: readonly string[]) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pypes-check-'));
  try {
    const paths = jobs.map((_, index) => join(folder, `agent_${index}.${ending}`));
    await Promise.all(jobs.map(({ text }, index) => writeFile(paths[index] ?? '', text)));
    return await work(paths);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A line for each call: where the agent's file is, and the arguments. */
export function toLines(jobs: readonly Job[], paths: readonly string[]): string {
  return jobs
    .map(({ calls }, index) => calls.map((args) => `${JSON.stringify([paths[index], args])}\n`).join(''))
    .join('');
}

/** The answers, a JSON line for each call, shared out among the jobs. */
export function toOutcomes(jobs: readonly Job[], output: string): Outcome[][] {
  const answers = output.split('\n').filter((line) => line !== '');
  let at = 0;
  return jobs.map(({ calls }) => {
    const lines = answers.slice(at, at + calls.length);
    at += calls.length;
    return lines.map((line) => {
      const outcome = JSON.parse(line) as Outcome;
      return outcome.kind === 'error' ? failed(outcome.message) : outcome;
    });
  });
}
