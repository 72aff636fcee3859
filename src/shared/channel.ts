/** Where a line comes from: the command's stdout or stderr, or Farglass's own notes. */
export type Channel = 'out' | 'err' | 'note'

/** Order gives the code on disk: only ever append. */
export const channels: readonly Channel[] = ['out', 'err', 'note']

/** A stream of the remote command, which has bytes and offsets. */
export type SourceChannel = Exclude<Channel, 'note'>
