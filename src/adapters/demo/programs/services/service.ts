/** What a service of the demo shop is asked for: the next thing that it has to say. */
import type { Random } from '../random.ts'

export interface Said {
  readonly channel: 'out' | 'err'
  /** Whole lines that belong together, without the last newline. */
  readonly text: string
}

export interface Moment {
  readonly random: Random
  /** The shop's database is short of connections: everybody feels it for some seconds. */
  readonly isTroubled: boolean
}

export type Service = (moment: Moment) => Said

export function out(text: string): Said {
  return { channel: 'out', text }
}

export function err(text: string): Said {
  return { channel: 'err', text }
}

const escape = '\u001b'

/** `code` as in `ESC [ code m`: 1 bold, 2 faint, 31 red, 32 green, 33 yellow, 34 blue, 36 cyan. */
export function colour(code: string, text: string): string {
  return `${escape}[${code}m${text}${escape}[0m`
}

/** 1284 as `1,284`. */
export function grouped(value: number): string {
  return value.toLocaleString('en')
}
