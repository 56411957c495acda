# Completions of vqa for fish, made by 'vqa completions fish'.
# In this shell:  vqa completions fish | source
# In every shell: write them to ~/.config/fish/completions/vqa.fish

# Whether the command before the cursor is this one; '' asks whether there is none yet.
function __vqa_at --argument-names wanted
    set -l words (commandline -opc)
    set -e words[1]
    while set -q words[1]
        switch $words[1]
            case --model -m --threads --max-pixels
                set -e words[1]
            case '-*'
            case '*'
                test "$words[1]" = "$wanted"
                return
        end
        set -e words[1]
    end
    test -z "$wanted"
end

# The names that the program writes when it is called with these words.
function __vqa_names
    set -l words (commandline -po)
    $words[1] $argv 2>/dev/null
end

complete -c vqa -f
complete -c vqa -n "__vqa_at ''" -a ask -d 'Answers questions about a picture'
complete -c vqa -n "__vqa_at ''" -a batch -d 'Answers many questions, from a file or as JSON lines'
complete -c vqa -n "__vqa_at ''" -a evaluate -d 'Scores results, or a model, against what people answered'
complete -c vqa -n "__vqa_at ''" -a spans -d 'Shows which spans each layer looked through'
complete -c vqa -n "__vqa_at ''" -a calibrate -d 'Solves when a cascade needs no finer grid, from held-out questions'
complete -c vqa -n "__vqa_at ''" -a features -d 'Writes what a model\'s vision side sees of every picture'
complete -c vqa -n "__vqa_at ''" -a train -d 'Trains a model by a recipe, or as the original TRAR'
complete -c vqa -n "__vqa_at ''" -a convert -d 'Makes a model of a checkpoint of the original TRAR or Dynamic ViT'
complete -c vqa -n "__vqa_at ''" -a data -d 'Makes a data set in the layout of VQA v2'
complete -c vqa -n "__vqa_at ''" -a inspect -d 'Tells what a file holds'
complete -c vqa -n "__vqa_at ''" -a doctor -d 'Checks libraries, processor, memory and models'
complete -c vqa -n "__vqa_at ''" -a completions -d 'Writes a script that lets a shell complete command lines'
complete -c vqa -n "__vqa_at ''" -a help -d 'Explains a command, with its options and examples'
complete -c vqa -n "__vqa_at ''" -l version -d 'Tells the version'
complete -c vqa -s h -l help -d 'Explains the command'
complete -c vqa -l model -s m -r -F -a '(__vqa_names completions --list-models)' -d 'The model that answers'
complete -c vqa -l threads -r -f -d 'Threads that compute'
complete -c vqa -l max-pixels -r -f -d 'Pixels above which a picture is refused'
complete -c vqa -l quiet -s q -d 'Keeps progress and notes off standard error'

complete -c vqa -n '__vqa_at ask' -l top -s t -r -f -d 'Answers to show'
complete -c vqa -n '__vqa_at ask' -l see -d 'Also tells what the model\'s backbone itself sees, whatever is asked'
complete -c vqa -n '__vqa_at ask' -l json -d 'Writes JSON, one object a line'
complete -c vqa -n '__vqa_at ask' -l exit -r -f -d 'Of a cascade: answers at this exit only, 1 is the coarsest grid'
complete -c vqa -n '__vqa_at ask' -l exact -d 'Of a cascade: answers at the last exit only, the full run'
complete -c vqa -n '__vqa_at ask' -l budget -r -f -d 'Of a cascade: answers by stored thresholds whose mean cost is at most so many billion multiply-adds'
complete -c vqa -n '__vqa_at ask' -F

complete -c vqa -n '__vqa_at batch' -l questions -r -F -d 'Questions in the layout of VQA v2, or of CLEVR'
complete -c vqa -n '__vqa_at batch' -l images -r -f -a '(__fish_complete_directories)' -d 'Folder of the pictures'
complete -c vqa -n '__vqa_at batch' -l features -r -f -a '(__fish_complete_directories)' -d 'Folder of feature files, in place of --images'
complete -c vqa -n '__vqa_at batch' -l output -s o -r -F -d 'Where the results of --questions go'
complete -c vqa -n '__vqa_at batch' -l force -d 'Replaces the file that is there'
complete -c vqa -n '__vqa_at batch' -l exit -r -f -d 'Of a cascade: answers at this exit only, 1 is the coarsest grid'
complete -c vqa -n '__vqa_at batch' -l exact -d 'Of a cascade: answers at the last exit only, the full run'
complete -c vqa -n '__vqa_at batch' -l budget -r -f -d 'Of a cascade: answers by stored thresholds whose mean cost is at most so many billion multiply-adds'

complete -c vqa -n '__vqa_at evaluate' -l questions -r -F -d 'Questions in the layout of VQA v2, or of CLEVR'
complete -c vqa -n '__vqa_at evaluate' -l annotations -r -F -d 'What people answered, in the layout of VQA v2'
complete -c vqa -n '__vqa_at evaluate' -l images -r -f -a '(__fish_complete_directories)' -d 'Folder of the pictures'
complete -c vqa -n '__vqa_at evaluate' -l features -r -f -a '(__fish_complete_directories)' -d 'Folder of feature files, in place of --images'
complete -c vqa -n '__vqa_at evaluate' -l data -r -f -a '(__fish_complete_directories)' -d 'Own pictures with a table of questions and answers, as for \'vqa train --from\''
complete -c vqa -n '__vqa_at evaluate' -l held-out -d 'Of --data: only the questions about pictures that training holds out'
complete -c vqa -n '__vqa_at evaluate' -l blank -d 'Shows the model no picture, or a grey one'
complete -c vqa -n '__vqa_at evaluate' -l scorer -r -f -a 'official trar' -d 'The rules answers are compared by'
complete -c vqa -n '__vqa_at evaluate' -l json -d 'Writes JSON, one object a line'
complete -c vqa -n '__vqa_at evaluate' -l output -s o -r -F -d 'Also writes the model\'s answers, as \'vqa batch\' does'
complete -c vqa -n '__vqa_at evaluate' -l curve -r -F -d 'Of a cascade: writes accuracy against mean multiply-adds, drawn into a .png or as numbers into a .csv file'
complete -c vqa -n '__vqa_at evaluate' -l reliability -r -F -d 'Writes how often answers of like confidence are right, drawn into a .png or as numbers into a .csv file'
complete -c vqa -n '__vqa_at evaluate' -l force -d 'Replaces the file that is there'
complete -c vqa -n '__vqa_at evaluate' -l exit -r -f -d 'Of a cascade: answers at this exit only, 1 is the coarsest grid'
complete -c vqa -n '__vqa_at evaluate' -l exact -d 'Of a cascade: answers at the last exit only, the full run'
complete -c vqa -n '__vqa_at evaluate' -l budget -r -f -d 'Of a cascade: answers by stored thresholds whose mean cost is at most so many billion multiply-adds'
complete -c vqa -n '__vqa_at evaluate' -F

complete -c vqa -n '__vqa_at spans' -l questions -r -F -d 'Questions in the layout of VQA v2, or of CLEVR'
complete -c vqa -n '__vqa_at spans' -l images -r -f -a '(__fish_complete_directories)' -d 'Folder of the pictures'
complete -c vqa -n '__vqa_at spans' -l features -r -f -a '(__fish_complete_directories)' -d 'Folder of feature files, in place of --images'
complete -c vqa -n '__vqa_at spans' -l summary -d 'Sums up a set of questions'
complete -c vqa -n '__vqa_at spans' -l annotations -r -F -d 'What people answered, in the layout of VQA v2'
complete -c vqa -n '__vqa_at spans' -l json -d 'Writes JSON, one object a line'
complete -c vqa -n '__vqa_at spans' -l csv -d 'Writes CSV'
complete -c vqa -n '__vqa_at spans' -l png -r -F -d 'Draws the attention of every span into this PNG file'
complete -c vqa -n '__vqa_at spans' -l html -r -F -d 'Writes a page for browsers into this file'
complete -c vqa -n '__vqa_at spans' -l force -d 'Replaces the file that is there'
complete -c vqa -n '__vqa_at spans' -l exit -r -f -d 'Of a cascade: answers at this exit only, 1 is the coarsest grid'
complete -c vqa -n '__vqa_at spans' -l exact -d 'Of a cascade: answers at the last exit only, the full run'
complete -c vqa -n '__vqa_at spans' -l budget -r -f -d 'Of a cascade: answers by stored thresholds whose mean cost is at most so many billion multiply-adds'
complete -c vqa -n '__vqa_at spans' -F

complete -c vqa -n '__vqa_at calibrate' -l questions -r -F -d 'Questions in the layout of VQA v2, or of CLEVR'
complete -c vqa -n '__vqa_at calibrate' -l annotations -r -F -d 'What people answered, in the layout of VQA v2'
complete -c vqa -n '__vqa_at calibrate' -l images -r -f -a '(__fish_complete_directories)' -d 'Folder of the pictures'
complete -c vqa -n '__vqa_at calibrate' -l budget -r -f -d 'The mean cost of the model\'s own thresholds, in billions of multiply-adds'
complete -c vqa -n '__vqa_at calibrate' -l target-accuracy-loss -r -f -d 'Points of accuracy, in per cent, that they may lose to the last exit'
complete -c vqa -n '__vqa_at calibrate' -l rule -r -f -a 'search percentile' -d 'How they are found'
complete -c vqa -n '__vqa_at calibrate' -l settings-of -r -F -a '(__vqa_names completions --list-models)' -d 'Takes temperatures and thresholds of this model'
complete -c vqa -n '__vqa_at calibrate' -l sure -r -f -d 'Answers less probable than this, from 0 to 1, are told as not sure'
complete -c vqa -n '__vqa_at calibrate' -l scorer -r -f -a 'official trar' -d 'The rules answers are compared by'
complete -c vqa -n '__vqa_at calibrate' -l output -s o -r -F -d 'Where the model goes'
complete -c vqa -n '__vqa_at calibrate' -l reliability -r -F -d 'Writes how often answers of like confidence are right, drawn into a .png or as numbers into a .csv file'
complete -c vqa -n '__vqa_at calibrate' -l force -d 'Replaces the file that is there'
complete -c vqa -n '__vqa_at calibrate' -l json -d 'Writes JSON, one object a line'

complete -c vqa -n '__vqa_at features' -l images -r -f -a '(__fish_complete_directories)' -d 'Folder of the pictures'
complete -c vqa -n '__vqa_at features' -l output -s o -r -f -a '(__fish_complete_directories)' -d 'Folder of the feature files'
complete -c vqa -n '__vqa_at features' -l backbone -r -F -a '(__vqa_names completions --list-models)' -d 'The model whose vision side looks'
complete -c vqa -n '__vqa_at features' -l type -r -f -a 'f32 f16' -d 'How numbers are stored'

complete -c vqa -n '__vqa_at train' -l output -s o -r -f -a '(__fish_complete_directories)' -d 'Folder of model, log and checkpoints'
complete -c vqa -n '__vqa_at train' -l resume -d 'Goes on from the newest checkpoint'
complete -c vqa -n '__vqa_at train' -l data -r -f -a '(__fish_complete_directories)' -d 'Folder of the data set, as \'vqa data\' makes it, or of own data'
complete -c vqa -n '__vqa_at train' -l features -r -f -a '(__fish_complete_directories)' -d 'Folder of feature files, in place of --images'
complete -c vqa -n '__vqa_at train' -l split -r -f -d 'What to learn from, such as train+val+vg'
complete -c vqa -n '__vqa_at train' -l config -r -F -d 'Settings of the original TRAR, in place of a recipe'
complete -c vqa -n '__vqa_at train' -l dataset -r -f -a 'vqa clevr' -d 'The data set of --config'
complete -c vqa -n '__vqa_at train' -l answers -r -F -d 'The answers to choose from, such as answer_dict.json'
complete -c vqa -n '__vqa_at train' -l from -r -F -a '(__vqa_names completions --list-models)' -d 'A model, by file or name, or a checkpoint to begin with'
complete -c vqa -n '__vqa_at train' -l seed -r -f -d 'Sets training.seed'
complete -c vqa -n '__vqa_at train' -l print-config -d 'Writes the whole recipe as JSON and ends'
complete -c vqa -n '__vqa_at train' -F

complete -c vqa -n '__vqa_at convert' -l output -s o -r -F -d 'Where the model goes, a .safetensors file'
complete -c vqa -n '__vqa_at convert' -l config -r -F -d 'The settings it was trained with, trar.yml'
complete -c vqa -n '__vqa_at convert' -l answers -r -F -d 'The answers, answer_dict.json'
complete -c vqa -n '__vqa_at convert' -l questions -r -F -d 'Every question file the original scans'
complete -c vqa -n '__vqa_at convert' -l dataset -r -f -a 'vqa clevr' -d 'What it was trained for, where the settings do not tell'
complete -c vqa -n '__vqa_at convert' -l storage -r -f -a 'f32 f16 bf16' -d 'How the weights are stored'
complete -c vqa -n '__vqa_at convert' -l name -r -f -d 'Name of the model'
complete -c vqa -n '__vqa_at convert' -l weights -r -f -a 'ema plain' -d 'Which weights of a training run of Dynamic ViT: averaged or plain ones'
complete -c vqa -n '__vqa_at convert' -l heads -r -f -d 'Heads of a Dynamic ViT that reuses no relations, which its tensors do not tell'
complete -c vqa -n '__vqa_at convert' -l force -d 'Replaces the file that is there'
complete -c vqa -n '__vqa_at convert' -F

complete -c vqa -n '__vqa_at data' -l output -s o -r -F -d 'Folder to write to'
complete -c vqa -n '__vqa_at data' -l source -r -F -d 'easy-vqa: folder of the Python package'
complete -c vqa -n '__vqa_at data' -l preset -r -f -a 'sort-of-clevr steps sizes' -d 'scenes: the kind of scenes'
complete -c vqa -n '__vqa_at data' -l pictures -r -f -d 'scenes: how many to draw'
complete -c vqa -n '__vqa_at data' -l size -r -f -d 'scenes: height and width of a picture'
complete -c vqa -n '__vqa_at data' -l classes -r -F -d 'concepts: WordNet\'s noun of each class, such as n01440764, one a line'
complete -c vqa -n '__vqa_at data' -l wordnet -r -f -a '(__fish_complete_directories)' -d 'concepts: folder of WordNet 3.0'
complete -c vqa -n '__vqa_at data' -l images -r -f -a '(__fish_complete_directories)' -d 'objects: a folder of photos'
complete -c vqa -n '__vqa_at data' -l labels -r -F -d 'objects: names of labels by image id (JSON), the pictures being those of images.json beside it'
complete -c vqa -n '__vqa_at data' -l scores -r -F -d 'objects: probabilities of classes by name of the picture (JSON)'
complete -c vqa -n '__vqa_at data' -l concepts -r -F -d 'objects: names and kinds of the classes'
complete -c vqa -n '__vqa_at data' -l questions -r -f -d 'objects: how many to make'
complete -c vqa -n '__vqa_at data' -l share-labels -r -f -d 'objects: the part of them that is about labels'
complete -c vqa -n '__vqa_at data' -l folds -r -f -d 'folds: how many'
complete -c vqa -n '__vqa_at data' -l by -r -f -a 'picture question' -d 'folds: what stays together'
complete -c vqa -n '__vqa_at data' -l lower-case -d 'folds: makes answers small letters'
complete -c vqa -n '__vqa_at data' -l seed -r -f -d 'Chooses the pictures of val and the folds, draws scenes and questions'
complete -c vqa -n '__vqa_at data' -l force -d 'Writes into a folder that is not empty, or over a file'
complete -c vqa -n '__vqa_at data' -f -a 'easy-vqa scenes concepts objects text folds'

complete -c vqa -n '__vqa_at inspect' -l json -d 'Writes JSON, one object a line'
complete -c vqa -n '__vqa_at inspect' -F

complete -c vqa -n '__vqa_at doctor' -l json -d 'Writes JSON, one object a line'

complete -c vqa -n '__vqa_at completions' -l list-models -d 'Writes the names of the models that are found instead, one a line'
complete -c vqa -n '__vqa_at completions' -f -a 'bash zsh fish'

complete -c vqa -n '__vqa_at help' -f -a 'ask batch evaluate spans calibrate features train convert data inspect doctor completions'
