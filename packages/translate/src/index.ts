// Agents from one language to another, and out of Pypes.
export { runJavascript } from './check/javascript.ts';
export { runLispy } from './check/lispy.ts';
export { type LuaEngine, runLua, runLuaOn } from './check/lua.ts';
export { compareOutcomes, type Difference, type Outcome, type RunJobs } from './check/outcome.ts';
export { runPython } from './check/python.ts';
export { type CheckReport, checkTranslation } from './check/translation.ts';
export { createRandom, generateArguments, generateCalls, type Random } from './generate/arguments.ts';
export { ENDING, type Language, languageOf, parseLanguage, TITLE } from './language.ts';
export { readMetadata } from './read/metadata.ts';
export { type SourceText, translate } from './translate.ts';
export type { Verdict } from './verdict.ts';
export { writeWhole } from './write-file.ts';
