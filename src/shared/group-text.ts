/** Groups of hosts as text, in the form of `clush -b`. */
import { displayText } from './display.ts'
import { foldHosts } from './host-set.ts'
import type { TaskEnding } from './protocol/groups.ts'

/** The head of a group: the folded set of its hosts, how many they are, and what else is to be said. */
export function groupHeader(names: readonly string[], remarks: readonly string[]): string {
  const title = `${displayText(foldHosts(names))} (${names.length})`
  const text = [title, ...remarks.filter((remark) => remark !== '')].join(', ')
  return `${rule}\n${text}\n${rule}\n`
}

const rule = '-'.repeat(15)

/** What there is to say of an end that is not the good one. */
export function endRemark(ended: TaskEnding | null): string {
  if (ended === null) return 'not ended'
  if (ended.state !== 'ended') return ended.state
  if (ended.exitCode === 0) return ''
  const signal = ended.signal === null ? '' : ` (${ended.signal})`
  return ended.exitCode === null ? 'ended' : `exit ${ended.exitCode}${signal}`
}

/** A line as it is compared with others: without colours. */
export function comparedText(line: string): string {
  // eslint-disable-next-line no-control-regex -- escape sequences are what this looks for
  return line.replace(/\x1b\[[0-9;:]*m/g, '')
}
