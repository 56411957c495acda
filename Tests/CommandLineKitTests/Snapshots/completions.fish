# Completions of toy for fish, made by 'toy completions fish'.
# In this shell:  toy completions fish | source
# In every shell: write them to ~/.config/fish/completions/toy.fish

# Whether the command before the cursor is this one; '' asks whether there is none yet.
function __toy_at --argument-names wanted
    set -l words (commandline -opc)
    set -e words[1]
    while set -q words[1]
        switch $words[1]
            case --temperature --kitchen-folder-with-a-long-name
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
function __toy_names
    set -l words (commandline -po)
    $words[1] $argv 2>/dev/null
end

complete -c toy -f
complete -c toy -n "__toy_at ''" -a bake -d 'Bakes a dough'
complete -c toy -n "__toy_at ''" -a list -d 'Lists what is in the cupboard'
complete -c toy -n "__toy_at ''" -a help -d 'Explains a command, with its options and examples'
complete -c toy -n "__toy_at ''" -l version -d 'Tells the version'
complete -c toy -s h -l help -d 'Explains the command'
complete -c toy -l temperature -r -f -d 'Temperature of the room'
complete -c toy -l quiet -s q -d 'Shows no progress'
complete -c toy -l kitchen-folder-with-a-long-name -r -f -a '(__fish_complete_directories)' -d 'Where the kitchen is'

complete -c toy -n '__toy_at bake' -l minutes -s m -r -f -d 'Time in the oven'
complete -c toy -n '__toy_at bake' -l heat -r -f -d 'Share of the oven\'s power'
complete -c toy -n '__toy_at bake' -l crust -r -f -a 'soft crisp dark' -d 'How the crust comes out'
complete -c toy -n '__toy_at bake' -l topping -s t -r -f -d 'What goes on top'
complete -c toy -n '__toy_at bake' -l guests -r -F -a '(__toy_names list guests)' -d 'Who comes to eat'
complete -c toy -n '__toy_at bake' -l output -r -F -d 'Where the bread goes'
complete -c toy -n '__toy_at bake' -l json -d 'Writes the result as one JSON object, for programs that read on from here'
complete -c toy -n '__toy_at bake' -l csv -d 'Writes the result as CSV'
complete -c toy -n '__toy_at bake' -F

complete -c toy -n '__toy_at list' -f -a 'upper lower'

complete -c toy -n '__toy_at help' -f -a 'bake list'
