// Runs a Lua agent many times; the interpreter is the machine's, or one that is handed in.
import { readFileSync } from 'node:fs';
import type { Outcome, RunJobs } from './outcome.ts';
import { runProgram } from './process.ts';
import { toOutcomes } from './python.ts';

/** Runs a chunk with text as its input and gives what it returns. */
export type LuaEngine = (chunk: string, input: string) => Promise<string>;

const BATCH = `
local answers = {}
for line in string.gmatch(INPUT, "[^\\n]+") do
  local ok, result = pcall(function() return json.encode(run({}, json.decode(line))) end)
  if ok then answers[#answers + 1] = '{"kind":"value","value":' .. result .. "}"
  else
    local message = tostring(result)
    if string.find(message, "stack overflow", 1, true) then message = "Refused by the translation: stack overflow" end
    answers[#answers + 1] = '{"kind":"error","message":' .. json.encode(utf8.len(message) and message or "error") .. "}"
  end
end
`;

/** A batch runner on an engine. */
export function runLuaOn(engine: LuaEngine): RunJobs {
  return async (jobs) => {
    const outcomes: Outcome[][] = [];
    for (const job of jobs) {
      const lines = job.calls.map((args) => `${JSON.stringify(args)}\n`).join('');
      const output = await engine(`${luaJson()}\n${job.text}\n${BATCH}\nreturn table.concat(answers, "\\n")`, lines);
      outcomes.push(toOutcomes([job], output)[0] ?? []);
    }
    return outcomes;
  };
}

/** Lua's standard interpreter, where there is one on the PATH. */
export const runLua: RunJobs = runLuaOn(async (chunk, input) => {
  const main = `INPUT = io.read("a")\nio.write((function()\n${chunk}\nend)())\n`;
  return runProgram('lua', ['-e', main], input);
});

/** The JSON reader and writer as text that defines `json`. */
export function luaJson(): string {
  return readFileSync(new URL('../eject/lua/json.lua', import.meta.url), 'utf8');
}
