/** What a shell needs to complete `farglass`: a few lines that ask `farglass completion --words` for candidates. */

export const shellNames = ['bash', 'zsh', 'fish'] as const
export type ShellName = (typeof shellNames)[number]

/**
 * Each asks with the words up to the cursor. A candidate that ends in `/`, `:`, `=`, `,` or `@` is
 * not yet whole, so no space follows it. Where there is no candidate, the shell offers files.
 */
export const completionScripts: Readonly<Record<ShellName, string>> = {
  // Bash cuts words at the characters of COMP_WORDBREAKS too, and replaces only what follows the last one.
  bash: `# bash completion for farglass: source <(farglass completion bash)
_farglass() {
  local line="\${COMP_LINE:0:COMP_POINT}" current typed cut candidate
  local -a words
  read -ra words <<<"$line"
  current="\${line##*[[:space:]]}"
  if [[ -z $current ]]; then words+=(""); fi
  typed=$current
  cut=
  case $current in
    [\\'\\"]*) typed="\${current:1}"; words[\${#words[@]}-1]=$typed ;;
    *) cut="\${current%"\${current##*[$COMP_WORDBREAKS]}"}" ;;
  esac
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate _; do
    case $candidate in *[/:=,@]) compopt -o nospace ;; esac
    COMPREPLY+=("\${candidate#"$cut"}")
  done < <("\${words[0]}" completion --words -- "\${words[@]:1}" 2>/dev/null)
}
complete -o bashdefault -o default -F _farglass farglass
`,
  zsh: `#compdef farglass
# zsh completion for farglass: source <(farglass completion zsh)
_farglass() {
  local line
  local -a whole wholeAbout open openAbout
  for line in "\${(@f)$("\${words[1]}" completion --words -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] || continue
    local text="\${line%%$'\\t'*}" about="\${line#*$'\\t'}"
    [[ -n $about && $about != $text ]] && about="$text  -- $about" || about="$text"
    case $text in
      *[/:=,@]) open+=("$text"); openAbout+=("$about") ;;
      *) whole+=("$text"); wholeAbout+=("$about") ;;
    esac
  done
  if (( \${#whole} + \${#open} == 0 )); then _files; return; fi
  (( \${#whole} )) && compadd -l -d wholeAbout -a whole
  (( \${#open} )) && compadd -l -S '' -d openAbout -a open
}
compdef _farglass farglass
`,
  fish: `# fish completion for farglass: farglass completion fish | source
function __farglass_words
  set -l before (commandline -opc)
  $before[1] completion --words -- $before[2..-1] (commandline -ct) 2>/dev/null
end
complete -c farglass -f -a '(__farglass_words)'
complete -c farglass -F -n 'test -z "$(__farglass_words)"'
`,
}
