/** What the secrets of a run must be: the same for page, terminal, API and engine. */
import { limits } from './limits.ts'

/** As people write them in a request: names of environment variables, in upper case. */
export const secretNamePattern: RegExp = /^[A-Z_][A-Z0-9_]*$/

/** The end of a sentence about what is wrong with the name, or undefined. Lower case is the engine's business. */
export function secretNameComplaint(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return 'is no name of a variable: write it with letters, digits and "_", as API_TOKEN'
  }
  if (name.length > limits.secretNameCharsMax) {
    return `is longer than ${limits.secretNameCharsMax} characters`
  }
  if (refused.some((pattern) => pattern.test(name))) {
    return 'is a name that the shell, or what starts the command, needs for itself'
  }
  return undefined
}

/** The same for a value. It never holds the value. */
export function secretValueComplaint(value: string): string | undefined {
  if (value === '') return 'is empty'
  if (value.includes('\0')) return 'holds a NUL, which no variable can'
  // It would reach the host as another text.
  if (/\p{Surrogate}/u.test(value)) return 'holds half of a surrogate pair, which is no character'
  return undefined
}

/** The same for all secrets of a run together. */
export function secretsComplaint(values: readonly string[]): string | undefined {
  if (values.length > limits.secretsPerRunMax) {
    return `are ${values.length}, and a run takes ${limits.secretsPerRunMax}`
  }
  const bytes = values.reduce((sum, value) => sum + new TextEncoder().encode(value).length, 0)
  if (bytes <= limits.secretsBytesMax) return undefined
  return `take ${bytes} bytes together, and a run takes ${limits.secretsBytesMax}`
}

/** What changes how the shell works, which programs are found, and what Farglass itself sets or looks at. */
const refused: readonly RegExp[] = [
  /^_$/,
  /^_fg_/i,
  /^(LD|DYLD|FARGLASS|BASH|SUDO|_STDBUF)_/,
  /^(PATH|IFS|ENV|HOME|SHELL|USER|LOGNAME|PWD|OLDPWD|TERM|TZ|LANG|LC_ALL|XDG_STATE_HOME)$/,
  /^(BASH|BASHOPTS|BASHPID|SHELLOPTS|POSIXLY_CORRECT|PS[0-9]|PROMPT_COMMAND|CDPATH)$/,
  /^(UID|EUID|GID|EGID|PPID|GROUPS|RANDOM|SECONDS|LINENO|OPTIND|OPTARG|OPTERR|FUNCNAME)$/,
  /^(DIRSTACK|PIPESTATUS|HISTCMD|HISTFILE|KSHEGID|KSHGID|KSHUID|KSH_VERSION|PYTHONUNBUFFERED)$/,
]
