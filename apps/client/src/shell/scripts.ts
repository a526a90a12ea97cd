/** What a shell may offer after one command. */
export interface CommandWords {
  readonly name: string;
  readonly description: string;
  /** Words that are no options: subcommands, and arguments with a choice. */
  readonly words: readonly string[];
  readonly options: readonly {
    readonly long: string;
    readonly description: string;
    readonly takesValue: boolean;
  }[];
}

interface AllWords {
  readonly program: CommandWords;
  readonly commands: readonly CommandWords[];
}

export type Shell = 'bash' | 'zsh' | 'fish';

/** A completion script for each shell. */
export const SHELLS: Record<Shell, (all: AllWords) => string> = { bash, zsh, fish };

/** Names are letters and hyphens; only descriptions can hold what a shell would take for its own. */
function bash({ program, commands }: AllWords): string {
  const valued = [program, ...commands].flatMap(({ options }) =>
    options.filter(({ takesValue }) => takesValue).map(({ long }) => long),
  );
  return `# bash completion for hamster
_hamster() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= words= i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${unique(valued).join('|')}) ((i++)) ;;
      -*) ;;
      *) command=\${COMP_WORDS[i]}; break ;;
    esac
  done
  case $previous in
    ${unique(valued).join('|')}) return 1 ;;
  esac
  case $command in
    '') words='${[...commands.map(({ name }) => name), ...longs(program)].join(' ')}' ;;
${commands.map((command) => `    ${command.name}) words='${wordsAndOptions(command, program)}' ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _hamster hamster`;
}

function zsh({ program, commands }: AllWords): string {
  const described = commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`);
  const cases = commands.map(
    (command) => `    ${command.name}) compadd -- ${wordsAndOptions(command, program)}; _files ;;`,
  );
  return `#compdef hamster
_hamster() {
  local -a commands
  commands=(
${described.join('\n')}
  )
  local command=\${words[(r)(${commands.map(({ name }) => name).join('|')})]}
  if [[ -z $command || $command == \${words[CURRENT]} ]]; then
    _describe command commands
    compadd -- ${longs(program).join(' ')}
    return
  fi
  case $command in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = _hamster ]; then _hamster "$@"; else compdef _hamster hamster; fi`;
}

function fish({ program, commands }: AllWords): string {
  const names = commands.map(({ name }) => name).join(' ');
  const none = `not __fish_seen_subcommand_from ${names}`;
  return [
    '# fish completion for hamster',
    ...program.options.map((option) => fishOption(option, undefined)),
    ...commands.flatMap(({ name, description, words, options }) => [
      `complete -c hamster -f -n ${quoted(none)} -a ${name} -d ${quoted(description)}`,
      ...words.map(
        (word) => `complete -c hamster -n ${quoted(`__fish_seen_subcommand_from ${name}`)} -a ${word}`,
      ),
      ...options.map((option) => fishOption(option, name)),
    ]),
  ].join('\n');
}

function fishOption(
  { long, description, takesValue }: CommandWords['options'][number],
  command: string | undefined,
): string {
  const when = command === undefined ? '' : ` -n ${quoted(`__fish_seen_subcommand_from ${command}`)}`;
  return `complete -c hamster${when} -l ${long.slice(2)}${takesValue ? ' -r' : ''} -d ${quoted(description)}`;
}

function wordsAndOptions(command: CommandWords, program: CommandWords): string {
  return unique([...command.words, ...longs(command), ...longs(program)]).join(' ');
}

function longs({ options }: CommandWords): string[] {
  return options.map(({ long }) => long);
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
