/** How grave a line is, as far as its text says so, and how sure that is. */

import type { Level } from './level.ts'

export interface LineLevel {
  readonly level: Level
  /** `stated`: the line has a field for it. `likely`: a word at its start reads like one. */
  readonly confidence: 'stated' | 'likely'
}

/** Of a line as it is shown (`visibleText`); null when it does not say. Looks at its start only. */
export function levelOf(text: string): LineLevel | null {
  const head = text.length > headChars ? text.slice(0, headChars) : text
  const stated = statedLevel(head)
  if (stated !== undefined) return { level: stated, confidence: 'stated' }
  const likely = likelyLevel(head)
  return likely === undefined ? null : { level: likely, confidence: 'likely' }
}

/** Levels stand before the message; what comes later is talk about errors. */
const headChars = 256

const words: ReadonlyMap<string, Level> = new Map([
  ...['emerg', 'alert', 'crit', 'critical', 'fatal', 'panic', 'severe', 'error', 'err'].map(
    (word) => [word, 'error'] as const,
  ),
  ...['warning', 'warn', 'wrn'].map((word) => [word, 'warn'] as const),
  ...['notice', 'information', 'info', 'inf'].map((word) => [word, 'info'] as const),
  ...['debug', 'dbg', 'trace', 'trc', 'verbose', 'fine'].map((word) => [word, 'debug'] as const),
])
const anyWord = [...words.keys()].join('|')

const jsonField = /"(?:level|severity|lvl|levelname|log\.level)"\s*:\s*"?([A-Za-z0-9]+)/i
const logfmtField = /(?:^|\s)(?:level|severity|lvl)="?([A-Za-z]+)/i
const priority = /^<([0-9]{1,3})>/
/** klog: `E0102 03:04:05.6`. */
const initial = /^([EFWID])[0-9]{4} [0-9]{2}:/
const bracketed = new RegExp(`[[(<] ?(${anyWord}) ?[\\])>]`, 'i')
const capitals = new RegExp(`(?:^|[\\s|\\]])(${anyWord.toUpperCase()})(?=[\\s:|,\\]-]|$)`)
const prefix = /^(?:[^\s:]+: )?(error|fatal|panic|warning|warn|info|debug)(?:\[[^\]]*\])?:/i
const crash =
  /^(?:Traceback \(most recent call last\)|Exception in thread |[\w.]+(?:Error|Exception)(?::|$))/

/** Looks for one sign first where a pattern needs it: millions of lines have none of them. */
function statedLevel(head: string): Level | undefined {
  const field = fieldOf(head)
  if (field !== undefined) return wordLevel(field) ?? numberLevel(field)
  const syslog = head.startsWith('<') ? priority.exec(head) : null
  if (syslog !== null) return severityLevel(Number(syslog[1]) % 8)
  const letter = initial.exec(head)?.[1]
  if (letter !== undefined) return letterLevel(letter)
  const hasBracket = head.includes('[') || head.includes('(') || head.includes('<')
  return hasBracket ? wordLevel(bracketed.exec(head)?.[1]) : undefined
}

function fieldOf(head: string): string | undefined {
  if (head.startsWith('{')) return jsonField.exec(head)?.[1]
  return head.includes('=') ? logfmtField.exec(head)?.[1] : undefined
}

function likelyLevel(head: string): Level | undefined {
  const word = capitals.exec(head)?.[1] ?? prefix.exec(head)?.[1]
  if (word !== undefined) return wordLevel(word)
  return crash.test(head) ? 'error' : undefined
}

function wordLevel(word: string | undefined): Level | undefined {
  return word === undefined ? undefined : words.get(word.toLowerCase())
}

/** pino and bunyan count in tens: 30 is info. */
function numberLevel(text: string | undefined): Level | undefined {
  const value = Number(text)
  if (!(value >= 10 && value <= 60)) return undefined
  if (value >= 50) return 'error'
  if (value >= 40) return 'warn'
  return value >= 30 ? 'info' : 'debug'
}

function severityLevel(severity: number): Level {
  if (severity <= 3) return 'error'
  if (severity === 4) return 'warn'
  return severity <= 6 ? 'info' : 'debug'
}

function letterLevel(letter: string): Level {
  if (letter === 'W') return 'warn'
  if (letter === 'I') return 'info'
  return letter === 'D' ? 'debug' : 'error'
}
