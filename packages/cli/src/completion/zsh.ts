// The completion script of zsh.
import type { Described } from './describe.ts';
import { quote, type Tables, toBrief } from './tables.ts';

/** `name:what it is`, as `_describe` reads it. */
const describe = (items: readonly Described[]): string =>
  items
    .map(({ name, description }) => quote(`${name.replaceAll(':', '\\:')}:${toBrief(description)}`, 'posix'))
    .join(' ');

export function toZsh({ commands, options, values, arguments: places }: Tables): string {
  const lists = (kind: string, table: readonly (readonly [string, readonly Described[]])[]) =>
    table.map(([path, items]) => `    ${quote(`${kind} ${path}`, 'posix')}) items=(${describe(items)}) ;;`).join('\n');
  const keyOf = ({ path, place, variadic }: Tables['arguments'][number]) =>
    variadic ? `${quote(`argument ${path} `, 'posix')}*` : quote(`argument ${path} ${place}`, 'posix');
  return `#compdef pypes
# zsh completion of pypes; made by: pypes completion zsh
_pypes_look_up() {
  found= items=()
  case "$1" in
${lists('commands', commands)}
${lists('options', options)}
${values.map(([key, words]) => `    ${quote(`value ${key}`, 'posix')}) found=${quote(words, 'posix')} ;;`).join('\n')}
${places.map((each) => `    ${keyOf(each)}) found=${quote(each.value, 'posix')} ;;`).join('\n')}
  esac
}

_pypes_offer() {
  case "$1" in
    @file) _files ;;
    @folder) _files -/ ;;
    @agent) compadd -- \${(f)"$(pypes completion agents 2>/dev/null)"} ;;
    @pack) compadd -- \${(f)"$(pypes completion packs 2>/dev/null)"} ;;
    @*) ;;
    *) compadd -- \${=1} ;;
  esac
}

_pypes() {
  local found at=pypes option= each word=\${words[CURRENT]}
  local -i place=0
  local -a items
  for each in "\${(@)words[2,CURRENT-1]}"; do
    if [[ -n $option ]]; then option=; continue; fi
    if [[ $each == -* ]]; then
      _pypes_look_up "value $at $each"
      [[ -n $found && $each != *=* ]] && option=$each
      continue
    fi
    _pypes_look_up "commands $at"
    if (( \${items[(I)\${each}:*]} )); then at+=" $each"; else place+=1; fi
  done
  if [[ -n $option ]]; then
    _pypes_look_up "value $at $option"
    _pypes_offer "$found"
  elif [[ $word == --*=* ]]; then
    _pypes_look_up "value $at \${word%%=*}"
    compset -P '*='
    [[ -n $found ]] && _pypes_offer "$found"
  elif [[ $word == -* ]]; then
    _pypes_look_up "options $at"
    _describe -o option items
  else
    _pypes_look_up "commands $at"
    if (( $#items )); then _describe command items
    else
      _pypes_look_up "argument $at $place"
      [[ -n $found ]] && _pypes_offer "$found"
    fi
  fi
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _pypes "$@"; else compdef _pypes pypes; fi
`;
}
