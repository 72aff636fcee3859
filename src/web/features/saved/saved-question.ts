/** What a person is asked before a saved command starts. */
import { displayText } from '../../../shared/display.ts'
import { fillText } from '../../../shared/placeholders.ts'
import type { StoredCommand } from '../../../shared/saved-command.ts'
import { savedText } from '../../i18n/saved-text.ts'

/** With the values of its parameters, those that were not given as they are by default. Null when it asks nothing. */
export function questionOf(
  { name, confirm = false, parameters = [] }: StoredCommand,
  target: string,
  given: ReadonlyMap<string, string>,
): string | null {
  if (confirm === false) return null
  const s = savedText.value
  const usual = parameters.flatMap((parameter) =>
    'default' in parameter ? [[parameter.name, String(parameter.default)] as const] : [],
  )
  const question =
    confirm === true ? s.confirmUsual(name) : fillText(confirm, new Map([...usual, ...given]))
  return `${displayText(question)} ${s.confirmOn(displayText(target))}`
}
