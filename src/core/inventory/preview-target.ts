/** What a target names, told before anything runs on it. */
import { AppError } from '../../shared/errors.ts'
import { foldHosts } from '../../shared/host-set.ts'
import type { TargetPreview } from '../../shared/protocol/hosts.ts'
import { parseTarget, selectHosts } from '../../shared/target.ts'
import type { KnownHosts } from './inventory.ts'

/** What is wrong with the expression is told, not thrown. */
export function previewTarget(expression: string, known: KnownHosts): TargetPreview {
  try {
    const hosts = selectHosts(parseTarget(expression), known)
    return {
      hosts,
      count: hosts.length,
      folded: foldHosts(hosts),
      confirm: confirmed(hosts, known),
    }
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    const { message, hint } = thrown
    return { hosts: [], count: 0, folded: '', confirm: [], complaint: { message, hint } }
  }
}

function confirmed(hosts: readonly string[], known: KnownHosts): readonly string[] {
  const names = new Set(hosts)
  const used = new Set(
    known.hosts.filter(({ name }) => names.has(name)).flatMap(({ groups }) => groups),
  )
  return known.groups
    .filter(({ name, confirm }) => confirm && used.has(name))
    .map(({ name }) => name)
}
