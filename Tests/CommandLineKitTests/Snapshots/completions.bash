# Completions of toy for bash, made by 'toy completions bash'.
# In this shell:  source <(toy completions bash)
# In every shell: put that line into ~/.bashrc

# What follows the option $2 of the command $1: kind is empty for a flag, list is set where several words follow.
_toy_option() {
  kind= list= words=
  case $1:$2 in
    bake:--minutes | bake:-m) kind=nothing ;;
    bake:--heat) kind=nothing ;;
    bake:--crust) kind=words words='soft crisp dark' ;;
    bake:--topping | bake:-t) kind=nothing ;;
    bake:--guests) kind=names words='list guests' list=yes ;;
    bake:--output) kind=files ;;
    *:--temperature) kind=nothing ;;
    *:--kitchen-folder-with-a-long-name) kind=folders ;;
  esac
}

# What the argument number $2, from 0, of the command $1 is.
_toy_argument() {
  kind= words=
  case $1:$2 in
    bake:0) kind=files ;;
    bake:*) kind=nothing ;;
    list:0) kind=words words='upper lower' ;;
    list:*) kind=nothing ;;
    help:0) kind=words words='bake list' ;;
  esac
}

# Adds what compgen finds for the word at the cursor.
_toy_add() {
  local found
  while IFS= read -r found; do COMPREPLY+=("$found"); done < <(compgen "$@" -- "$current")
}

_toy() {
  local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]}
  local command= ended= kind= list= words= place=0 index word
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    if [[ $word == = ]]; then
      continue
    elif [[ -z $ended && $word == -- ]]; then
      ended=yes kind=
    elif [[ -z $ended && $word == -?* ]]; then
      _toy_option "$command" "$word"
    elif [[ -n $kind ]]; then
      [[ -n $list ]] || kind=
    elif [[ -z $command ]]; then
      command=$word
    else
      place=$((place + 1))
    fi
  done
  [[ $current == = ]] && current=
  if [[ -z $ended && $current == -* && ( -z $kind || -n $list ) ]]; then
    kind=words
    case $command in
      '') words='--help --temperature --quiet --kitchen-folder-with-a-long-name --version' ;;
      bake) words='--minutes --heat --crust --topping --guests --output --json --csv --help --temperature --quiet --kitchen-folder-with-a-long-name' ;;
      list) words='--help --temperature --quiet --kitchen-folder-with-a-long-name' ;;
      help) words='--help --temperature --quiet --kitchen-folder-with-a-long-name' ;;
    esac
  elif [[ -z $kind && -z $command ]]; then
    kind=words words='bake list help'
  elif [[ -z $kind ]]; then
    _toy_argument "$command" "$place"
  fi
  COMPREPLY=()
  case $kind in
    words) _toy_add -W "$words" ;;
    folders) _toy_add -d ;;
    files) _toy_add -f ;;
    names)
      # words is the command line that writes the names, without the program.
      _toy_add -W "$("${program/#\~\//$HOME/}" $words 2>/dev/null)"
      _toy_add -f
      ;;
  esac
  # A folder is to be gone on from, and spaces in names need a backslash.
  [[ $kind == words ]] || compopt -o filenames 2>/dev/null
}

complete -F _toy toy
