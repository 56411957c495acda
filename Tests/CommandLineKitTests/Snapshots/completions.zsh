#compdef toy
# Completions of toy for zsh, made by 'toy completions zsh'.
# In this shell:  source <(toy completions zsh)
# In every shell: write them into a folder of $fpath as _toy, before compinit runs.

# Files, and the names that the program writes when it is called with these words.
_toy_names() {
  local -a names
  names=(${(f)"$(${~program} "$@" 2>/dev/null)"})
  compadd -a names
  _files
}

_toy() {
  local program=$words[1] curcontext=$curcontext state status_of=1
  local -a commands line
  local -A opt_args
  commands=(
    'bake:Bakes a dough'
    'list:Lists what is in the cupboard'
    'help:Explains a command, with its options and examples'
  )
  _arguments -C -s -S : \
    '--temperature=[Temperature of the room]:DEGREES: ' \
    '(-q --quiet)'{-q,--quiet}'[Shows no progress]' \
    '--kitchen-folder-with-a-long-name=[Where the kitchen is]:DIR:_files -/' \
    '(- *)'{-h,--help}'[Explains the command]' \
    '(- *)--version[Tells the version]' \
    '(-): :->command' \
    '(-)*:: :->arguments' && status_of=0
  case $state in
    command) _describe -t commands command commands && status_of=0 ;;
    arguments)
      curcontext=${curcontext%:*:*}:toy-$words[1]:
      case $words[1] in
        bake)
          _arguments -s -S : \
            '(-m --minutes)'{-m+,--minutes=}'[Time in the oven]:N: ' \
            '--heat=[Share of the oven'\''s power]:SHARE: ' \
            '--crust=[How the crust comes out]:KIND:(soft crisp dark)' \
            '*'{-t+,--topping=}'[What goes on top]:NAME: ' \
            '*--guests=[Who comes to eat]:*-*:NAME:{_toy_names list guests}' \
            '--output=[Where the bread goes]:FILE:_files' \
            '--json[Writes the result as one JSON object, for programs that read on from here]' \
            '--csv[Writes the result as CSV]' \
            '--temperature=[Temperature of the room]:DEGREES: ' \
            '(-q --quiet)'{-q,--quiet}'[Shows no progress]' \
            '--kitchen-folder-with-a-long-name=[Where the kitchen is]:DIR:_files -/' \
            '(- *)'{-h,--help}'[Explains the command]' \
            ':DOUGH:_files' \
            '*:WISH: ' && status_of=0
          ;;
        list)
          _arguments -s -S : \
            '--temperature=[Temperature of the room]:DEGREES: ' \
            '(-q --quiet)'{-q,--quiet}'[Shows no progress]' \
            '--kitchen-folder-with-a-long-name=[Where the kitchen is]:DIR:_files -/' \
            '(- *)'{-h,--help}'[Explains the command]' \
            '::SHELF:(upper lower)' \
            '*:KEY=VALUE: ' && status_of=0
          ;;
        help)
          _arguments -s -S : \
            '--temperature=[Temperature of the room]:DEGREES: ' \
            '(-q --quiet)'{-q,--quiet}'[Shows no progress]' \
            '--kitchen-folder-with-a-long-name=[Where the kitchen is]:DIR:_files -/' \
            '(- *)'{-h,--help}'[Explains the command]' \
            '::COMMAND:(bake list)' && status_of=0
          ;;
      esac
      ;;
  esac
  return status_of
}

if [[ $funcstack[1] == _toy ]]; then _toy "$@"; else compdef _toy toy; fi
