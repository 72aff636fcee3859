/** The variables that ssh_config offers to a host: SendEnv and SetEnv. */
import type { ConfigValues } from './resolve-destination.ts'

/** As ssh itself does: ours that match SendEnv, and those of SetEnv, which come last and win. */
export function sentEnvironment(
  config: ConfigValues,
  ours: NodeJS.ProcessEnv,
): ReadonlyMap<string, string> {
  const patterns = (config.get('sendenv') ?? []).map(patternOf)
  const sent = new Map<string, string>()
  for (const [name, value] of Object.entries(ours)) {
    if (value !== undefined && patterns.some((pattern) => pattern.test(name))) sent.set(name, value)
  }
  for (const assignment of config.get('setenv') ?? []) {
    const at = assignment.indexOf('=')
    if (at > 0) sent.set(assignment.slice(0, at), assignment.slice(at + 1))
  }
  return sent
}

/** `*` is any text and `?` one character, the rest is itself. */
function patternOf(glob: string): RegExp {
  const text = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${text.replaceAll('*', '.*').replaceAll('?', '.')}$`)
}
