/** Asks a host whether sudo lets its user in, and starts nothing else there. */
import type { Secret } from '../../shared/secret.ts'
import { printMark, putFunction, quoted } from './shell-parts.ts'

/**
 * POSIX sh for the stdin of a constant `sh -s`. With a password it is tried once: the end of its stdin
 * keeps sudo from a second try. The answer is a mark whose words `sudoAnswer` reads.
 */
export function sudoScript(nonce: string, password: Secret | null): string {
  const line = password === null ? '' : `${password.reveal()}\n`
  const tried =
    password === null
      ? `_fg_x=$(exec sudo -n -- sh -c : 2>&1 </dev/null)`
      : `_fg_x=$(_fg_put ${quoted(line)} | sudo -S -p '' -- sh -c : 2>&1)`
  return `{ LC_ALL=C
export LC_ALL
${putFunction}_fg_say() { ${printMark(nonce, '%s')} "$*"; exit 0; }
command -v sudo >/dev/null || _fg_say missing
${tried} && _fg_say let "$(exec id -un)"
_fg_x=$(_fg_put "$_fg_x" | tr '\\n' ' ')
case $_fg_x in
*'must have a tty'*) _fg_say tty ;;
*'ncorrect password'*|*'ry again'*) _fg_say wrong ;;
*'password is required'*|*'no password was provided'*) _fg_say wants "$(exec id -un)" ;;
esac
_fg_say denied "$_fg_x"
}
`
}

export type SudoAnswer =
  | { readonly kind: 'let' | 'wants'; readonly user: string }
  | { readonly kind: 'missing' | 'tty' | 'wrong' }
  /** In the words of sudo. */
  | { readonly kind: 'denied'; readonly text: string }

/** Null while no answer is among what was said. */
export function sudoAnswer(said: string, nonce: string): SudoAnswer | null {
  const [, word = '', text = ''] = new RegExp(`\\u001e${nonce} ([a-z]+) ?(.*)\\n`).exec(said) ?? []
  switch (word) {
    case 'let':
    case 'wants':
      return { kind: word, user: text.trim() }
    case 'missing':
    case 'tty':
    case 'wrong':
      return { kind: word }
    case 'denied':
      return { kind: word, text: text.trim() }
    default:
      return null
  }
}
