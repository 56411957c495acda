# Completions of vqa for bash, made by 'vqa completions bash'.
# In this shell:  source <(vqa completions bash)
# In every shell: put that line into ~/.bashrc

# What follows the option $2 of the command $1: kind is empty for a flag, list is set where several words follow.
_vqa_option() {
  kind= list= words=
  case $1:$2 in
    ask:--top | ask:-t) kind=nothing ;;
    ask:--exit) kind=nothing ;;
    ask:--budget) kind=nothing ;;
    batch:--questions) kind=files ;;
    batch:--images) kind=folders ;;
    batch:--features) kind=folders ;;
    batch:--output | batch:-o) kind=files ;;
    batch:--exit) kind=nothing ;;
    batch:--budget) kind=nothing ;;
    evaluate:--questions) kind=files ;;
    evaluate:--annotations) kind=files ;;
    evaluate:--images) kind=folders ;;
    evaluate:--features) kind=folders ;;
    evaluate:--data) kind=folders ;;
    evaluate:--scorer) kind=words words='official trar' ;;
    evaluate:--output | evaluate:-o) kind=files ;;
    evaluate:--curve) kind=files ;;
    evaluate:--reliability) kind=files ;;
    evaluate:--exit) kind=nothing ;;
    evaluate:--budget) kind=nothing ;;
    spans:--questions) kind=files ;;
    spans:--images) kind=folders ;;
    spans:--features) kind=folders ;;
    spans:--annotations) kind=files ;;
    spans:--png) kind=files ;;
    spans:--html) kind=files ;;
    spans:--exit) kind=nothing ;;
    spans:--budget) kind=nothing ;;
    calibrate:--questions) kind=files ;;
    calibrate:--annotations) kind=files ;;
    calibrate:--images) kind=folders ;;
    calibrate:--budget) kind=nothing ;;
    calibrate:--target-accuracy-loss) kind=nothing ;;
    calibrate:--rule) kind=words words='search percentile' ;;
    calibrate:--settings-of) kind=names words='completions --list-models' ;;
    calibrate:--sure) kind=nothing ;;
    calibrate:--scorer) kind=words words='official trar' ;;
    calibrate:--output | calibrate:-o) kind=files ;;
    calibrate:--reliability) kind=files ;;
    features:--images) kind=folders ;;
    features:--output | features:-o) kind=folders ;;
    features:--backbone) kind=names words='completions --list-models' ;;
    features:--type) kind=words words='f32 f16' ;;
    train:--output | train:-o) kind=folders ;;
    train:--data) kind=folders ;;
    train:--features) kind=folders ;;
    train:--split) kind=nothing ;;
    train:--config) kind=files ;;
    train:--dataset) kind=words words='vqa clevr' ;;
    train:--answers) kind=files ;;
    train:--from) kind=names words='completions --list-models' ;;
    train:--seed) kind=nothing ;;
    convert:--output | convert:-o) kind=files ;;
    convert:--config) kind=files ;;
    convert:--answers) kind=files ;;
    convert:--questions) kind=files list=yes ;;
    convert:--dataset) kind=words words='vqa clevr' ;;
    convert:--storage) kind=words words='f32 f16 bf16' ;;
    convert:--name) kind=nothing ;;
    convert:--weights) kind=words words='ema plain' ;;
    convert:--heads) kind=nothing ;;
    data:--output | data:-o) kind=files ;;
    data:--source) kind=files ;;
    data:--preset) kind=words words='sort-of-clevr steps sizes' ;;
    data:--pictures) kind=nothing ;;
    data:--size) kind=nothing ;;
    data:--classes) kind=files ;;
    data:--wordnet) kind=folders ;;
    data:--images) kind=folders ;;
    data:--labels) kind=files ;;
    data:--scores) kind=files ;;
    data:--concepts) kind=files ;;
    data:--questions) kind=nothing ;;
    data:--share-labels) kind=nothing ;;
    data:--folds) kind=nothing ;;
    data:--by) kind=words words='picture question' ;;
    data:--seed) kind=nothing ;;
    *:--model | *:-m) kind=names words='completions --list-models' ;;
    *:--threads) kind=nothing ;;
    *:--max-pixels) kind=nothing ;;
  esac
}

# What the argument number $2, from 0, of the command $1 is.
_vqa_argument() {
  kind= words=
  case $1:$2 in
    ask:0) kind=files ;;
    ask:*) kind=nothing ;;
    evaluate:0) kind=files ;;
    spans:0) kind=files ;;
    spans:1) kind=nothing ;;
    train:0) kind=files ;;
    train:*) kind=nothing ;;
    convert:0) kind=files ;;
    data:0) kind=words words='easy-vqa scenes concepts objects text folds' ;;
    inspect:0) kind=files ;;
    completions:0) kind=words words='bash zsh fish' ;;
    help:0) kind=words words='ask batch evaluate spans calibrate features train convert data inspect doctor completions' ;;
  esac
}

# Adds what compgen finds for the word at the cursor.
_vqa_add() {
  local found
  while IFS= read -r found; do COMPREPLY+=("$found"); done < <(compgen "$@" -- "$current")
}

_vqa() {
  local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]}
  local command= ended= kind= list= words= place=0 index word
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    if [[ $word == = ]]; then
      continue
    elif [[ -z $ended && $word == -- ]]; then
      ended=yes kind=
    elif [[ -z $ended && $word == -?* ]]; then
      _vqa_option "$command" "$word"
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
      '') words='--help --model --threads --max-pixels --quiet --version' ;;
      ask) words='--top --see --json --exit --exact --budget --help --model --threads --max-pixels --quiet' ;;
      batch) words='--questions --images --features --output --force --exit --exact --budget --help --model --threads --max-pixels --quiet' ;;
      evaluate) words='--questions --annotations --images --features --data --held-out --blank --scorer --json --output --curve --reliability --force --exit --exact --budget --help --model --threads --max-pixels --quiet' ;;
      spans) words='--questions --images --features --summary --annotations --json --csv --png --html --force --exit --exact --budget --help --model --threads --max-pixels --quiet' ;;
      calibrate) words='--questions --annotations --images --budget --target-accuracy-loss --rule --settings-of --sure --scorer --output --reliability --force --json --help --model --threads --max-pixels --quiet' ;;
      features) words='--images --output --backbone --type --help --model --threads --max-pixels --quiet' ;;
      train) words='--output --resume --data --features --split --config --dataset --answers --from --seed --print-config --help --model --threads --max-pixels --quiet' ;;
      convert) words='--output --config --answers --questions --dataset --storage --name --weights --heads --force --help --model --threads --max-pixels --quiet' ;;
      data) words='--output --source --preset --pictures --size --classes --wordnet --images --labels --scores --concepts --questions --share-labels --folds --by --lower-case --seed --force --help --model --threads --max-pixels --quiet' ;;
      inspect) words='--json --help --model --threads --max-pixels --quiet' ;;
      doctor) words='--json --help --model --threads --max-pixels --quiet' ;;
      completions) words='--list-models --help --model --threads --max-pixels --quiet' ;;
      help) words='--help --model --threads --max-pixels --quiet' ;;
    esac
  elif [[ -z $kind && -z $command ]]; then
    kind=words words='ask batch evaluate spans calibrate features train convert data inspect doctor completions help'
  elif [[ -z $kind ]]; then
    _vqa_argument "$command" "$place"
  fi
  COMPREPLY=()
  case $kind in
    words) _vqa_add -W "$words" ;;
    folders) _vqa_add -d ;;
    files) _vqa_add -f ;;
    names)
      # words is the command line that writes the names, without the program.
      _vqa_add -W "$("${program/#\~\//$HOME/}" $words 2>/dev/null)"
      _vqa_add -f
      ;;
  esac
  # A folder is to be gone on from, and spaces in names need a backslash.
  [[ $kind == words ]] || compopt -o filenames 2>/dev/null
}

complete -F _vqa vqa
