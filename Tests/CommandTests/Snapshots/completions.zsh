#compdef vqa
# Completions of vqa for zsh, made by 'vqa completions zsh'.
# In this shell:  source <(vqa completions zsh)
# In every shell: write them into a folder of $fpath as _vqa, before compinit runs.

# Files, and the names that the program writes when it is called with these words.
_vqa_names() {
  local -a names
  names=(${(f)"$(${~program} "$@" 2>/dev/null)"})
  compadd -a names
  _files
}

_vqa() {
  local program=$words[1] curcontext=$curcontext state status_of=1
  local -a commands line
  local -A opt_args
  commands=(
    'ask:Answers questions about a picture'
    'batch:Answers many questions, from a file or as JSON lines'
    'evaluate:Scores results, or a model, against what people answered'
    'spans:Shows which spans each layer looked through'
    'calibrate:Solves when a cascade needs no finer grid, from held-out questions'
    'features:Writes what a model'\''s vision side sees of every picture'
    'train:Trains a model by a recipe, or as the original TRAR'
    'convert:Makes a model of a checkpoint of the original TRAR or Dynamic ViT'
    'data:Makes a data set in the layout of VQA v2'
    'inspect:Tells what a file holds'
    'doctor:Checks libraries, processor, memory and models'
    'completions:Writes a script that lets a shell complete command lines'
    'help:Explains a command, with its options and examples'
  )
  _arguments -C -s -S : \
    '(-m --model)'{-m+,--model=}'[The model that answers]:FILE|NAME:{_vqa_names completions --list-models}' \
    '--threads=[Threads that compute]:N: ' \
    '--max-pixels=[Pixels above which a picture is refused]:N: ' \
    '(-q --quiet)'{-q,--quiet}'[Keeps progress and notes off standard error]' \
    '(- *)'{-h,--help}'[Explains the command]' \
    '(- *)--version[Tells the version]' \
    '(-): :->command' \
    '(-)*:: :->arguments' && status_of=0
  case $state in
    command) _describe -t commands command commands && status_of=0 ;;
    arguments)
      curcontext=${curcontext%:*:*}:vqa-$words[1]:
      case $words[1] in
        ask)
          _arguments -s -S : \
            '(-t --top)'{-t+,--top=}'[Answers to show]:N: ' \
            '--see[Also tells what the model'\''s backbone itself sees, whatever is asked]' \
            '--json[Writes JSON, one object a line]' \
            '--exit=[Of a cascade\: answers at this exit only, 1 is the coarsest grid]:N: ' \
            '--exact[Of a cascade\: answers at the last exit only, the full run]' \
            '--budget=[Of a cascade\: answers by stored thresholds whose mean cost is at most so many billion multiply-adds]:GMACS: ' \
            '(-m --model)'{-m+,--model=}'[The model that answers]:FILE|NAME:{_vqa_names completions --list-models}' \
            '--threads=[Threads that compute]:N: ' \
            '--max-pixels=[Pixels above which a picture is refused]:N: ' \
            '(-q --quiet)'{-q,--quiet}'[Keeps progress and notes off standard error]' \
            '(- *)'{-h,--help}'[Explains the command]' \
            ':PICTURE:_files' \
            '*:QUESTION: ' && status_of=0
          ;;
        batch)
          _arguments -s -S : \
            '--questions=[Questions in the layout of VQA v2, or of CLEVR]:FILE:_files' \
            '--images=[Folder of the pictures]:DIR:_files -/' \
            '*--features=[Folder of feature files, in place of --images]:DIR:_files -/' \
            '(-o --output)'{-o+,--output=}'[Where the results of --questions go]:FILE:_files' \
            '--force[Replaces the file that is there]' \
            '--exit=[Of a cascade\: answers at this exit only, 1 is the coarsest grid]:N: ' \
            '--exact[Of a cascade\: answers at the last exit only, the full run]' \
            '--budget=[Of a cascade\: answers by stored thresholds whose mean cost is at most so many billion multiply-adds]:GMACS: ' \
            '(-m --model)'{-m+,--model=}'[The model that answers]:FILE|NAME:{_vqa_names completions --list-models}' \
            '--threads=[Threads that compute]:N: ' \
            '--max-pixels=[Pixels above which a picture is refused]:N: ' \
            '(-q --quiet)'{-q,--quiet}'[Keeps progress and notes off standard error]' \
            '(- *)'{-h,--help}'[Explains the command]' && status_of=0
          ;;
        evaluate)
          _arguments -s -S : \
            '--questions=[Questions in the layout of VQA v2, or of CLEVR]:FILE:_files' \
            '--annotations=[What people answered, in the layout of VQA v2]:FILE:_files' \
            '--images=[Folder of the pictures]:DIR:_files -/' \
            '*--features=[Folder of feature files, in place of --images]:DIR:_files -/' \
            '--data=[Own pictures with a table of questions and answers, as for '\''vqa train --from'\'']:DIR:_files -/' \
            '--held-out[Of --data\: only the questions about pictures that training holds out]' \
            '--blank[Shows the model no picture, or a grey one]' \
            '--scorer=[The rules answers are compared by]:RULES:(official trar)' \
            '--json[Writes JSON, one object a line]' \
            '(-o --output)'{-o+,--output=}'[Also writes the model'\''s answers, as '\''vqa batch'\'' does]:FILE:_files' \
            '*--curve=[Of a cascade\: writes accuracy against mean multiply-adds, drawn into a .png or as numbers into a .csv file]:FILE:_files' \
            '*--reliability=[Writes how often answers of like confidence are right, drawn into a .png or as numbers into a .csv file]:FILE:_files' \
            '--force[Replaces the file that is there]' \
            '--exit=[Of a cascade\: answers at this exit only, 1 is the coarsest grid]:N: ' \
            '--exact[Of a cascade\: answers at the last exit only, the full run]' \
            '--budget=[Of a cascade\: answers by stored thresholds whose mean cost is at most so many billion multiply-adds]:GMACS: ' \
            '(-m --model)'{-m+,--model=}'[The model that answers]:FILE|NAME:{_vqa_names completions --list-models}' \
            '--threads=[Threads that compute]:N: ' \
            '--max-pixels=[Pixels above which a picture is refused]:N: ' \
            '(-q --quiet)'{-q,--quiet}'[Keeps progress and notes off standard error]' \
            '(- *)'{-h,--help}'[Explains the command]' \
            '::RESULTS:_files' && status_of=0
          ;;
        spans)
          _arguments -s -S : \
            '--questions=[Questions in the layout of VQA v2, or of CLEVR]:FILE:_files' \
            '--images=[Folder of the pictures]:DIR:_files -/' \
            '*--features=[Folder of feature files, in place of --images]:DIR:_files -/' \
            '--summary[Sums up a set of questions]' \
            '--annotations=[What people answered, in the layout of VQA v2]:FILE:_files' \
            '--json[Writes JSON, one object a line]' \
            '--csv[Writes CSV]' \
            '--png=[Draws the attention of every span into this PNG file]:FILE:_files' \
            '--html=[Writes a page for browsers into this file]:FILE:_files' \
            '--force[Replaces the file that is there]' \
            '--exit=[Of a cascade\: answers at this exit only, 1 is the coarsest grid]:N: ' \
            '--exact[Of a cascade\: answers at the last exit only, the full run]' \
            '--budget=[Of a cascade\: answers by stored thresholds whose mean cost is at most so many billion multiply-adds]:GMACS: ' \
            '(-m --model)'{-m+,--model=}'[The model that answers]:FILE|NAME:{_vqa_names completions --list-models}' \
            '--threads=[Threads that compute]:N: ' \
            '--max-pixels=[Pixels above which a picture is refused]:N: ' \
            '(-q --quiet)'{-q,--quiet}'[Keeps progress and notes off standard error]' \
            '(- *)'{-h,--help}'[Explains the command]' \
            '::PICTURE:_files' \
            '::QUESTION: ' && status_of=0
          ;;
        calibrate)
          _arguments -s -S : \
            '*--questions=[Questions in the layout of VQA v2, or of CLEVR]:FILE:_files' \
            '*--annotations=[What people answered, in the layout of VQA v2]:FILE:_files' \
            '*--images=[Folder of the pictures]:DIR:_files -/' \
            '--budget=[The mean cost of the model'\''s own thresholds, in billions of multiply-adds]:GMACS: ' \
            '--target-accuracy-loss=[Points of accuracy, in per cent, that they may lose to the last exit]:POINTS: ' \
            '--rule=[How they are found]:RULE:(search percentile)' \
            '--settings-of=[Takes temperatures and thresholds of this model]:FILE|NAME:{_vqa_names completions --list-models}' \
            '--sure=[Answers less probable than this, from 0 to 1, are told as not sure]:SHARE: ' \
            '--scorer=[The rules answers are compared by]:RULES:(official trar)' \
            '(-o --output)'{-o+,--output=}'[Where the model goes]:FILE:_files' \
            '*--reliability=[Writes how often answers of like confidence are right, drawn into a .png or as numbers into a .csv file]:FILE:_files' \
            '--force[Replaces the file that is there]' \
            '--json[Writes JSON, one object a line]' \
            '(-m --model)'{-m+,--model=}'[The model that answers]:FILE|NAME:{_vqa_names completions --list-models}' \
            '--threads=[Threads that compute]:N: ' \
            '--max-pixels=[Pixels above which a picture is refused]:N: ' \
            '(-q --quiet)'{-q,--quiet}'[Keeps progress and notes off standard error]' \
            '(- *)'{-h,--help}'[Explains the command]' && status_of=0
          ;;
        features)
          _arguments -s -S : \
            '--images=[Folder of the pictures]:DIR:_files -/' \
            '(-o --output)'{-o+,--output=}'[Folder of the feature files]:DIR:_files -/' \
            '--backbone=[The model whose vision side looks]:FILE|NAME:{_vqa_names completions --list-models}' \
            '--type=[How numbers are stored]:TYPE:(f32 f16)' \
            '(-m --model)'{-m+,--model=}'[The model that answers]:FILE|NAME:{_vqa_names completions --list-models}' \
            '--threads=[Threads that compute]:N: ' \
            '--max-pixels=[Pixels above which a picture is refused]:N: ' \
            '(-q --quiet)'{-q,--quiet}'[Keeps progress and notes off standard error]' \
            '(- *)'{-h,--help}'[Explains the command]' && status_of=0
          ;;
        train)
          _arguments -s -S : \
            '(-o --output)'{-o+,--output=}'[Folder of model, log and checkpoints]:DIR:_files -/' \
            '--resume[Goes on from the newest checkpoint]' \
            '--data=[Folder of the data set, as '\''vqa data'\'' makes it, or of own data]:DIR:_files -/' \
            '*--features=[Folder of feature files, in place of --images]:DIR:_files -/' \
            '--split=[What to learn from, such as train+val+vg]:NAMES: ' \
            '--config=[Settings of the original TRAR, in place of a recipe]:FILE:_files' \
            '--dataset=[The data set of --config]:NAME:(vqa clevr)' \
            '--answers=[The answers to choose from, such as answer_dict.json]:FILE:_files' \
            '--from=[A model, by file or name, or a checkpoint to begin with]:FILE|NAME:{_vqa_names completions --list-models}' \
            '--seed=[Sets training.seed]:N: ' \
            '--print-config[Writes the whole recipe as JSON and ends]' \
            '(-m --model)'{-m+,--model=}'[The model that answers]:FILE|NAME:{_vqa_names completions --list-models}' \
            '--threads=[Threads that compute]:N: ' \
            '--max-pixels=[Pixels above which a picture is refused]:N: ' \
            '(-q --quiet)'{-q,--quiet}'[Keeps progress and notes off standard error]' \
            '(- *)'{-h,--help}'[Explains the command]' \
            '::RECIPE:_files' \
            '*:KEY=VALUE: ' && status_of=0
          ;;
        convert)
          _arguments -s -S : \
            '(-o --output)'{-o+,--output=}'[Where the model goes, a .safetensors file]:FILE:_files' \
            '--config=[The settings it was trained with, trar.yml]:FILE:_files' \
            '--answers=[The answers, answer_dict.json]:FILE:_files' \
            '*--questions=[Every question file the original scans]:*-*:FILE:_files' \
            '--dataset=[What it was trained for, where the settings do not tell]:NAME:(vqa clevr)' \
            '--storage=[How the weights are stored]:TYPE:(f32 f16 bf16)' \
            '--name=[Name of the model]:NAME: ' \
            '--weights=[Which weights of a training run of Dynamic ViT\: averaged or plain ones]:KIND:(ema plain)' \
            '--heads=[Heads of a Dynamic ViT that reuses no relations, which its tensors do not tell]:N: ' \
            '--force[Replaces the file that is there]' \
            '(-m --model)'{-m+,--model=}'[The model that answers]:FILE|NAME:{_vqa_names completions --list-models}' \
            '--threads=[Threads that compute]:N: ' \
            '--max-pixels=[Pixels above which a picture is refused]:N: ' \
            '(-q --quiet)'{-q,--quiet}'[Keeps progress and notes off standard error]' \
            '(- *)'{-h,--help}'[Explains the command]' \
            ':INPUT:_files' && status_of=0
          ;;
        data)
          _arguments -s -S : \
            '(-o --output)'{-o+,--output=}'[Folder to write to]:PATH:_files' \
            '--source=[easy-vqa\: folder of the Python package]:PATH:_files' \
            '--preset=[scenes\: the kind of scenes]:NAME:(sort-of-clevr steps sizes)' \
            '--pictures=[scenes\: how many to draw]:N: ' \
            '--size=[scenes\: height and width of a picture]:PX: ' \
            '--classes=[concepts\: WordNet'\''s noun of each class, such as n01440764, one a line]:FILE:_files' \
            '--wordnet=[concepts\: folder of WordNet 3.0]:DIR:_files -/' \
            '*--images=[objects\: a folder of photos]:DIR:_files -/' \
            '--labels=[objects\: names of labels by image id (JSON), the pictures being those of images.json beside it]:FILE:_files' \
            '--scores=[objects\: probabilities of classes by name of the picture (JSON)]:FILE:_files' \
            '--concepts=[objects\: names and kinds of the classes]:FILE:_files' \
            '--questions=[objects\: how many to make]:N: ' \
            '--share-labels=[objects\: the part of them that is about labels]:SHARE: ' \
            '--folds=[folds\: how many]:N: ' \
            '--by=[folds\: what stays together]:UNIT:(picture question)' \
            '--lower-case[folds\: makes answers small letters]' \
            '--seed=[Chooses the pictures of val and the folds, draws scenes and questions]:N: ' \
            '--force[Writes into a folder that is not empty, or over a file]' \
            '(-m --model)'{-m+,--model=}'[The model that answers]:FILE|NAME:{_vqa_names completions --list-models}' \
            '--threads=[Threads that compute]:N: ' \
            '--max-pixels=[Pixels above which a picture is refused]:N: ' \
            '(-q --quiet)'{-q,--quiet}'[Keeps progress and notes off standard error]' \
            '(- *)'{-h,--help}'[Explains the command]' \
            ':NAME:(easy-vqa scenes concepts objects text folds)' && status_of=0
          ;;
        inspect)
          _arguments -s -S : \
            '--json[Writes JSON, one object a line]' \
            '(-m --model)'{-m+,--model=}'[The model that answers]:FILE|NAME:{_vqa_names completions --list-models}' \
            '--threads=[Threads that compute]:N: ' \
            '--max-pixels=[Pixels above which a picture is refused]:N: ' \
            '(-q --quiet)'{-q,--quiet}'[Keeps progress and notes off standard error]' \
            '(- *)'{-h,--help}'[Explains the command]' \
            '::FILE:_files' && status_of=0
          ;;
        doctor)
          _arguments -s -S : \
            '--json[Writes JSON, one object a line]' \
            '(-m --model)'{-m+,--model=}'[The model that answers]:FILE|NAME:{_vqa_names completions --list-models}' \
            '--threads=[Threads that compute]:N: ' \
            '--max-pixels=[Pixels above which a picture is refused]:N: ' \
            '(-q --quiet)'{-q,--quiet}'[Keeps progress and notes off standard error]' \
            '(- *)'{-h,--help}'[Explains the command]' && status_of=0
          ;;
        completions)
          _arguments -s -S : \
            '--list-models[Writes the names of the models that are found instead, one a line]' \
            '(-m --model)'{-m+,--model=}'[The model that answers]:FILE|NAME:{_vqa_names completions --list-models}' \
            '--threads=[Threads that compute]:N: ' \
            '--max-pixels=[Pixels above which a picture is refused]:N: ' \
            '(-q --quiet)'{-q,--quiet}'[Keeps progress and notes off standard error]' \
            '(- *)'{-h,--help}'[Explains the command]' \
            '::SHELL:(bash zsh fish)' && status_of=0
          ;;
        help)
          _arguments -s -S : \
            '(-m --model)'{-m+,--model=}'[The model that answers]:FILE|NAME:{_vqa_names completions --list-models}' \
            '--threads=[Threads that compute]:N: ' \
            '--max-pixels=[Pixels above which a picture is refused]:N: ' \
            '(-q --quiet)'{-q,--quiet}'[Keeps progress and notes off standard error]' \
            '(- *)'{-h,--help}'[Explains the command]' \
            '::COMMAND:(ask batch evaluate spans calibrate features train convert data inspect doctor completions)' && status_of=0
          ;;
      esac
      ;;
  esac
  return status_of
}

if [[ $funcstack[1] == _vqa ]]; then _vqa "$@"; else compdef _vqa vqa; fi
