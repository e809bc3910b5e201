// What can be typed after each command, as data: read from the program itself, so that it never says anything else.
import type { Argument, Command, Option } from 'commander';

/** What a value is: words to choose from, or something that the shell or this machine knows. */
export type Value = readonly string[] | 'file' | 'folder' | 'agent' | 'pack' | 'any';

export type Described = { readonly name: string; readonly description: string };

export type DescribedCommand = {
  /** With what leads to it: `pypes runs list`. */
  readonly path: string;
  readonly commands: readonly Described[];
  /** `value` is undefined for a flag. */
  readonly options: readonly (Described & { readonly value: Value | undefined })[];
  readonly arguments: readonly { readonly value: Value; readonly variadic: boolean }[];
};

const FILES = ['file', 'path', 'suite', 'blueprint', 'policy', 'target', 'folder|bundle'];
const FOLDERS = ['folder', 'dir'];
/** What a name is the name of. */
const NAMES: { readonly [argument: string]: Value } = {
  'pypes call name': 'agent',
  'pypes grant pack': 'pack',
  '--agent name': 'agent',
  '--pack pack': 'pack',
};
/** A description that is a list of words says what can be chosen: "debug, info or warn (default: info)". */
const LIST = /^(?:takes )?([a-z0-9-]+(?:, [a-z0-9-]+)*(?:,? or [a-z0-9-]+)?)(?: \(.*\))?$/;

/** The program and every command below it, those that are hidden left out. */
export function describeProgram(program: Command): readonly DescribedCommand[] {
  return describe(program, program.name());
}

function describe(command: Command, path: string): readonly DescribedCommand[] {
  const commands = command.createHelp().visibleCommands(command);
  const own: DescribedCommand = {
    path,
    commands: commands.map((each) => ({ name: each.name(), description: each.summary() || each.description() })),
    options: command
      .createHelp()
      .visibleOptions(command)
      .flatMap((option) => namesOf(option).map((name) => ({ name, ...about(option) }))),
    arguments: command.registeredArguments.map((argument) => toArgument(argument, path)),
  };
  // Help of the commands is one of them, and has none.
  return [
    own,
    ...commands.filter((each) => each.name() !== 'help').flatMap((each) => describe(each, `${path} ${each.name()}`)),
  ];
}

function namesOf({ long, short }: Option): readonly string[] {
  return [long, short].filter((name) => typeof name === 'string');
}

function about(option: Option): { readonly description: string; readonly value: Value | undefined } {
  const { description, flags, argChoices, required } = option;
  const placeholder = /<(.+?)(?:\.\.\.)?>/.exec(flags)?.[1] ?? '';
  const known = NAMES[`${option.long} ${placeholder}`];
  return { description, value: required ? (known ?? toValue(placeholder, description, argChoices)) : undefined };
}

function toArgument(argument: Argument, path: string) {
  const known = NAMES[`${path} ${argument.name()}`];
  const value = known ?? toValue(argument.name(), argument.description, argument.argChoices);
  return { value, variadic: argument.variadic };
}

function toValue(placeholder: string, description: string, choices: readonly string[] | undefined): Value {
  const words = choices ?? wordsOf(description);
  if (words.length > 1) return words;
  if (FOLDERS.includes(placeholder)) return 'folder';
  return FILES.includes(placeholder) ? 'file' : 'any';
}

function wordsOf(description: string): readonly string[] {
  const list = LIST.exec(description)?.[1] ?? '';
  return list.split(/, or |, | or /).filter((word) => word !== '');
}
