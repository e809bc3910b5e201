// The completion script of bash.
import { quote, type Tables } from './tables.ts';

const list = (items: readonly { readonly name: string }[]): string => items.map(({ name }) => name).join(' ');

export function toBash({ commands, options, values, arguments: places }: Tables): string {
  const rows = (table: readonly (readonly [string, string])[]) =>
    table.map(([key, words]) => `    ${key}) REPLY=${quote(words, 'posix')} ;;`).join('\n');
  return `# bash completion of pypes; made by: pypes completion bash
_pypes_look_up() {
  REPLY=
  case "$1" in
${rows(commands.map(([path, items]) => [quote(`commands ${path}`, 'posix'), list(items)]))}
${rows(options.map(([path, items]) => [quote(`options ${path}`, 'posix'), list(items)]))}
${rows(values.map(([key, words]) => [quote(`value ${key}`, 'posix'), words]))}
${rows(places.map(({ path, place, variadic, value }) => [variadic ? `${quote(`argument ${path} `, 'posix')}*` : quote(`argument ${path} ${place}`, 'posix'), value]))}
  esac
}

_pypes_offer() {
  case "$1" in
    @file) _pypes_paths -f "$2" ;;
    @folder) _pypes_paths -d "$2" ;;
    @agent) COMPREPLY=($(compgen -W "$(pypes completion agents 2>/dev/null)" -- "$2")) ;;
    @pack) COMPREPLY=($(compgen -W "$(pypes completion packs 2>/dev/null)" -- "$2")) ;;
    @*) ;;
    *) COMPREPLY=($(compgen -W "$1" -- "$2")) ;;
  esac
}

_pypes_paths() {
  local IFS=$'\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen "$1" -- "$2"))
}

_pypes() {
  local REPLY word=\${COMP_WORDS[COMP_CWORD]} at=pypes place=0 option= each index
  COMPREPLY=()
  [[ $word == = ]] && word=
  for ((index = 1; index < COMP_CWORD; index++)); do
    each=\${COMP_WORDS[index]}
    [[ $each == = ]] && continue
    if [[ -n $option ]]; then option=; continue; fi
    if [[ $each == -* ]]; then
      _pypes_look_up "value $at $each"
      [[ -n $REPLY ]] && option=$each
      continue
    fi
    _pypes_look_up "commands $at"
    if [[ " $REPLY " == *" $each "* ]]; then at+=" $each"; else place=$((place + 1)); fi
  done
  if [[ -n $option ]]; then
    _pypes_look_up "value $at $option"
    _pypes_offer "$REPLY" "$word"
  elif [[ $word == -* ]]; then
    _pypes_look_up "options $at"
    _pypes_offer "$REPLY" "$word"
  else
    _pypes_look_up "commands $at"
    if [[ -z $REPLY ]]; then _pypes_look_up "argument $at $place"; fi
    [[ -n $REPLY ]] && _pypes_offer "$REPLY" "$word"
  fi
}

complete -F _pypes pypes
`;
}
