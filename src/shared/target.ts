/** What selects the hosts of a run: names, ranges, patterns, groups and tags, joined as sets (docs/guide/targets.md). */
import { parseDestination } from './destination.ts'
import { AppError } from './errors.ts'
import { type HostPattern, matchesGlob, namesOf, parsePattern } from './host-pattern.ts'
import type { Inventory } from './inventory.ts'
import { limits } from './limits.ts'
import { targetFault } from './target-fault.ts'
import { type Label, labelledHosts } from './target-labels.ts'
import { reasonOfNone } from './target-reason.ts'
import { type SetOperator, splitTarget, type TargetWord } from './target-words.ts'

/** Read, but not looked up. Terms are worked off from left to right. */
export interface TargetExpression {
  readonly text: string
  readonly terms: readonly TargetTerm[]
}

export interface TargetTerm extends TargetWord {
  readonly operand: Operand
}

/** A set of hosts. */
type Operand =
  | { readonly kind: 'all'; readonly user: string }
  | (Label & { readonly user: string })
  | {
      /** With `glob` its hosts are those of the inventory that it matches. */
      readonly kind: 'names' | 'glob'
      /** `deploy@` or nothing, and `:2222` or nothing. */
      readonly user: string
      readonly port: string
      readonly pattern: HostPattern
    }

/** Reads the form only. Throws `bad-target` with the column of what is wrong. */
export function parseTarget(text: string): TargetExpression {
  if (text.length > limits.targetCharsMax) {
    const why = `The target is longer than ${limits.targetCharsMax} characters.`
    throw new AppError('bad-target', why, { hint: 'Put its hosts into a group of the inventory.' })
  }
  const terms = splitTarget(text).map((word): TargetTerm => ({ ...word, operand: operandOf(word) }))
  if (terms.length === 0) throw new AppError('bad-target', 'The target names no host.')
  if (terms.length > limits.targetTermsMax) {
    const why = `The target has ${terms.length} parts; at most ${limits.targetTermsMax} are possible.`
    throw new AppError('bad-target', why, { hint: 'Join names to ranges, as web-[1-38].' })
  }
  checkCounts(terms)
  return { text, terms }
}

/**
 * The hosts of a target, each once, in the order in which they are first named. Throws `bad-target`
 * when there are none or too many, or when a group or tag is not known; the sentence says why.
 */
export function selectHosts({ terms }: TargetExpression, inventory: Inventory): readonly string[] {
  const chosen = new Set<string>()
  let emptied: { readonly by: TargetTerm; readonly before: readonly string[] } | undefined
  for (const term of terms) {
    const before = term.operator === ',' ? [] : [...chosen]
    checkLeftIn(term, terms, { chosen, inventory })
    change(chosen, term.operator, hostsOf(term, inventory))
    if (before.length > 0 && chosen.size === 0) emptied = { by: term, before }
  }
  if (chosen.size === 0) throw reasonOfNone(terms, emptied, inventory.hosts.length === 0)
  if (chosen.size > limits.tasksPerRunMax) {
    const why = `The target names ${chosen.size} hosts; at most ${limits.tasksPerRunMax} are possible.`
    throw new AppError('bad-target', why, { hint: 'Start several runs, each on a part of them.' })
  }
  return [...chosen]
}

function change(chosen: Set<string>, operator: SetOperator, hosts: Iterable<string>): void {
  const given = new Set(hosts)
  switch (operator) {
    case ',':
      for (const host of given) chosen.add(host)
      return
    case '!':
      for (const host of given) chosen.delete(host)
      return
    case '&':
      for (const host of chosen) if (!given.has(host)) chosen.delete(host)
      return
    case '^':
      for (const host of given) if (!chosen.delete(host)) chosen.add(host)
      return
  }
}

function hostsOf(term: TargetTerm, inventory: Inventory): Iterable<string> {
  const { operand } = term
  switch (operand.kind) {
    case 'all':
      return asUser(
        operand.user,
        inventory.hosts.map(({ name }) => name),
      )
    case 'group':
    case 'tag':
      return asUser(operand.user, labelledHosts(operand, term, inventory))
    case 'names':
      return written(operand, namesOf(operand.pattern))
    case 'glob':
      return written(operand, matching(operand.pattern, inventory))
  }
}

/** Whom the inventory itself lets sign in there counts no more. */
function* asUser(user: string, names: Iterable<string>): Generator<string> {
  for (const name of names) yield user === '' ? name : `${user}${withoutUser(name)}`
}

function withoutUser(host: string): string {
  return host.slice(host.lastIndexOf('@') + 1)
}

/**
 * `deploy@@web!web-2` would run on web-2: to a set, it is another name than deploy@web-2. Nobody means
 * that, so it is refused where a user stands before a whole group.
 */
function checkLeftIn(
  term: TargetTerm,
  terms: readonly TargetTerm[],
  { chosen, inventory }: { readonly chosen: ReadonlySet<string>; readonly inventory: Inventory },
): void {
  if (term.operator !== '!' || term.operand.user !== '' || !terms.some(isLabelWithUser)) return
  const given = new Set(hostsOf(term, inventory))
  const left = [...chosen].find((host) => !given.has(host) && given.has(withoutUser(host)))
  if (left === undefined) return
  const user = left.slice(0, left.lastIndexOf('@') + 1)
  throw targetFault(
    term.at,
    `"!${term.text}" does not take out ${left}`,
    `Write "!${user}${term.text}".`,
  )
}

function isLabelWithUser({ operand: { kind, user } }: TargetTerm): boolean {
  return kind !== 'names' && kind !== 'glob' && user !== ''
}

function* written(
  { user, port }: { readonly user: string; readonly port: string },
  names: Iterable<string>,
): Generator<string> {
  for (const name of names) {
    const isAddress = name.includes(':') && !name.startsWith('[')
    yield `${user}${isAddress && port !== '' ? `[${name}]` : name}${port}`
  }
}

function* matching(pattern: HostPattern, { hosts }: Inventory): Generator<string> {
  const globs = [...namesOf(pattern)]
  for (const { name } of hosts) if (globs.some((glob) => matchesGlob(name, glob))) yield name
}

function operandOf({ text, at }: TargetWord): Operand {
  const label = /^(?:[^@]+@)?(?=@)/.exec(text)
  if (label !== null) return labelOf(text, at, label[0])
  const userEnd = text.lastIndexOf('@') + 1
  const user = text.slice(0, userEnd)
  const { name, port } = splitPort(text.slice(userEnd))
  if (/[*?[\]]/.test(user)) throw targetFault(at, `"${user}" is not one user name`)
  if (/[*?[\]]/.test(port)) throw targetFault(at, `the port "${port.slice(1)}" is not one number`)
  const pattern = parsePattern(name, at + userEnd)
  checkDestination(`${user}${firstName(pattern)}${port}`, at)
  return { kind: pattern.isGlob ? 'glob' : 'names', user, port, pattern }
}

/** All names of a pattern are alike for ssh when the first one is fit for it. */
function firstName({ parts }: HostPattern): string {
  const { value = '' } = namesOf({ parts }).next()
  return value.replaceAll(/[*?]/g, 'x')
}

function checkDestination(text: string, at: number): void {
  try {
    parseDestination(text)
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    throw targetFault(at, thrown.message.slice(0, -1))
  }
}

/** A port stands behind the one colon outside of brackets, or behind those of an address. */
function splitPort(rest: string): { readonly name: string; readonly port: string } {
  const colons = [...rest.matchAll(/:(?![^[]*\])/g)]
  const [colon] = colons
  if (colon === undefined || colons.length > 1) return { name: rest, port: '' }
  return { name: rest.slice(0, colon.index), port: rest.slice(colon.index) }
}

function labelOf(text: string, at: number, user: string): Operand {
  if (/[*?[\]]/.test(user)) throw targetFault(at, `"${user}" is not one user name`)
  if (user !== '') checkDestination(`${user}x`, at)
  const name = text.slice(user.length + 1)
  if (name === '*') return { kind: 'all', user }
  const [key = '', value] = name.split(/:(.*)/s)
  const kind = value === undefined ? 'group' : 'tag'
  if (key === '' || value === '') {
    throw targetFault(
      at,
      `"${text}" names no ${kind}: write @group, @tag:value or @* for all hosts`,
    )
  }
  const pattern = parsePattern(name, at + user.length + 1)
  if (!/^[\w.:*?-]*$/.test(firstName(pattern))) {
    throw targetFault(at, `"${text.slice(0, 100)}" is not the name of a ${kind}`)
  }
  return { kind, user, pattern }
}

/** Before anything is written out: a short text can stand for more names than there is memory. */
function checkCounts(terms: readonly TargetTerm[]): void {
  let names = 0
  let patterns = 0
  for (const { at, text, operand } of terms) {
    if (operand.kind === 'all') continue
    const { count, isGlob } = operand.pattern
    if (isGlob) patterns += count
    else names += count
    if (names <= limits.targetNamesMax && patterns <= limits.targetTermsMax) continue
    const most = isGlob ? limits.targetTermsMax : limits.targetNamesMax
    const what = isGlob ? 'patterns' : 'names'
    throw targetFault(
      at,
      `with "${text.slice(0, 100)}" the target stands for ${isGlob ? patterns : names} ${what}; at most ${most} are worked out`,
      `A run has ${limits.tasksPerRunMax} hosts at most: take a smaller range.`,
    )
  }
}
