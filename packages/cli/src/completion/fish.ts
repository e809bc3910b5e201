// The completion script of fish.
import type { Described } from './describe.ts';
import { quote, type Tables, toBrief } from './tables.ts';

/** `name<tab>what it is`, a line each. */
const describe = (items: readonly Described[]): string =>
  items.map(({ name, description }) => quote(`${name}\t${toBrief(description)}`, 'fish')).join(' ');

export function toFish({ commands, options, values, arguments: places }: Tables): string {
  const row = (key: string, said: string) => `        case ${key}\n            printf '%s\\n' ${said}`;
  const lists = (kind: string, table: readonly (readonly [string, readonly Described[]])[]) =>
    table.map(([path, items]) => row(quote(`${kind} ${path}`, 'fish'), describe(items))).join('\n');
  const words = (text: string) =>
    text
      .split(' ')
      .map((word) => quote(word, 'fish'))
      .join(' ');
  const keyOf = ({ path, place, variadic }: Tables['arguments'][number]) =>
    quote(variadic ? `argument ${path} *` : `argument ${path} ${place}`, 'fish');
  return `# fish completion of pypes; made by: pypes completion fish
function __pypes_look_up
    switch "$argv[1]"
${lists('commands', commands)}
${lists('options', options)}
${values.map(([key, text]) => row(quote(`value ${key}`, 'fish'), words(text))).join('\n')}
${places.map((each) => row(keyOf(each), words(each.value))).join('\n')}
    end
end

function __pypes_offer
    switch "$argv[1]"
        case @file
            __fish_complete_path (commandline -ct)
        case @folder
            __fish_complete_directories (commandline -ct)
        case @agent
            pypes completion agents 2>/dev/null
        case @pack
            pypes completion packs 2>/dev/null
        case '@*'
        case '*'
            printf '%s\\n' $argv
    end
end

function __pypes_complete
    set -l at pypes
    set -l place 0
    set -l option ''
    set -l words (commandline -opc)
    for each in $words[2..-1]
        if test -n "$option"
            set option ''
        else if string match -q -- '-*' $each
            set -l found (__pypes_look_up "value $at $each")
            test (count $found) -gt 0; and set option $each
        else if string match -q -- "$each"\\t'*' (__pypes_look_up "commands $at")
            set at "$at $each"
        else
            set place (math $place + 1)
        end
    end
    if test -n "$option"
        __pypes_offer (__pypes_look_up "value $at $option")
    else if string match -q -- '-*' (commandline -ct)
        __pypes_look_up "options $at"
    else
        set -l found (__pypes_look_up "commands $at")
        if test (count $found) -gt 0
            printf '%s\\n' $found
        else
            set found (__pypes_look_up "argument $at $place")
            test (count $found) -gt 0; and __pypes_offer $found
        end
    end
end

complete -c pypes -f -a '(__pypes_complete)'
`;
}
