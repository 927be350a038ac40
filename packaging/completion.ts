/** Completion for bash and zsh: for every command its commands and options. */
import { allCommands, commandTree, type Described } from './command-tree.ts';

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

interface Row {
  path: string;
  words: Described[];
}

function rows(): Row[] {
  const tree = commandTree();
  const general = tree.options;
  return allCommands(tree).map(({ path, commands, options }) => {
    const below = commands.map((command) => ({ word: command.path.at(-1)!, text: command.text }));
    const own = options.map(({ word, text }) => ({ word, text }));
    const seen = new Set(own.map(({ word }) => word));
    return { path: path.join(' '), words: [...below, ...own, ...general.filter(({ word }) => !seen.has(word))] };
  });
}

/** Words that are no option and name a command are the path; the first other one is an argument, and files are offered. */
export function bashCompletion(): string {
  const cases = rows().map(
    ({ path, words }) => `    ${quoted(path)}) words=${quoted(words.map(({ word }) => word).join(' '))} ;;`,
  );
  return `# bash completion for ringfence
_ringfence_words() {
  case "$1" in
${cases.join('\n')}
    *) return 1 ;;
  esac
}

_ringfence() {
  local current=\${COMP_WORDS[COMP_CWORD]} path= words= word i
  _ringfence_words ''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    [[ $word == -* ]] && continue
    _ringfence_words "\${path:+$path }$word" && path="\${path:+$path }$word"
  done
  _ringfence_words "$path"
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -o default -F _ringfence ringfence
`;
}

export function zshCompletion(): string {
  const cases = rows().map(({ path, words }) => {
    const described = words.map(({ word, text }) => quoted(`${word.replaceAll(':', '\\:')}:${text}`));
    return `    ${quoted(path)}) words_here=(${described.join(' ')}) ;;`;
  });
  return `#compdef ringfence
_ringfence_words() {
  case "$1" in
${cases.join('\n')}
    *) return 1 ;;
  esac
}

_ringfence() {
  local command_path= word
  local -a words_here
  _ringfence_words ''
  for word in \${words[2,CURRENT-1]}; do
    [[ $word == -* ]] && continue
    _ringfence_words "\${command_path:+$command_path }$word" && command_path="\${command_path:+$command_path }$word"
  done
  _ringfence_words "$command_path"
  _describe command words_here || _files
}

_ringfence "$@"
`;
}
