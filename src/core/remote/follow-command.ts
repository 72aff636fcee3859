/** What the follow script can be told: one line each, `VERB ID A B PATH|` (see follow-read.ts). */

/** `id` is the reader's own number; answers and reports carry it. */
export type FollowCommand =
  /** The files that a pattern matches: an `entry` each, then `end`. */
  | { readonly kind: 'list'; readonly id: number; readonly path: string }
  /** The file itself and what may be rotated files of it; answered in the same way. */
  | { readonly kind: 'siblings'; readonly id: number; readonly path: string }
  /** One part of a plain file: `data`, then `keep` or `drop`. */
  | ({ readonly kind: 'read' } & FilePart)
  /** A part of a packed file (to its end where `bytes` is 0): `total`, pairs of `data` and `keep`, `end`. */
  | ({ readonly kind: 'unpack' } & FilePart)
  /** What this file gets from `offset` on comes as `data`, and `keep` or `drop`; `changed` ends it. */
  | ({ readonly kind: 'follow' } & FileState)
  /** `changed` when inode or size are no longer these; 0 and 0: when there is such a file. */
  | ({ readonly kind: 'watch' } & FileState)
  | { readonly kind: 'leave'; readonly id: number }
  /** `matches` when the pattern matches other files than last time, and at first. */
  | { readonly kind: 'match'; readonly id: number; readonly path: string }
  /** Wakes the look at once when one of these changes. Replaces the bell before. */
  | { readonly kind: 'bell'; readonly paths: readonly string[] }

interface FilePart {
  readonly id: number
  readonly path: string
  readonly from: number
  readonly bytes: number
}

interface FileState {
  readonly id: number
  readonly path: string
  readonly inode: string
  readonly offset: number
}

/** The lines of a command, each with its newline. One fits into one write to a pipe: paths are short. */
export function commandText(command: FollowCommand): string {
  switch (command.kind) {
    case 'list':
      return line('l', command.id, `0 0 ${command.path}`)
    case 'siblings':
      return line('s', command.id, `0 0 ${command.path}`)
    case 'read':
      return line('r', command.id, `${command.from} ${command.bytes} ${command.path}`)
    case 'unpack':
      return line('z', command.id, `${command.from} ${command.bytes} ${command.path}`)
    case 'follow':
      return line('f', command.id, `${command.inode} ${command.offset} ${command.path}`)
    case 'watch':
      return line('w', command.id, `${command.inode} ${command.offset} ${command.path}`)
    case 'leave':
      return line('u', command.id, '0 0 ')
    case 'match':
      return line('g', command.id, `0 0 ${command.path}`)
    case 'bell':
      return `${command.paths.map((path) => `b ${path}|\n`).join('')}B\n`
  }
}

function line(verb: string, id: number, rest: string): string {
  return `${verb} ${id} ${rest}|\n`
}
