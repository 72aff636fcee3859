/** One saved command in the list: what it is for, where it runs, and its ways on. */
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import type { StoredCommand } from '../../../shared/saved-command.ts'
import { savedText } from '../../i18n/saved-text.ts'
import { Icon } from '../../ui/icon.tsx'
import { editPath, sourceLine, startPath } from './saved-list.ts'

export function SavedCard({ command }: { readonly command: StoredCommand }): VNode {
  const { name, description, target } = command
  const s = savedText.value
  return (
    <li class="saved-card">
      <div class="saved-card-words">
        <h2>
          <a href={startPath(name)}>{name}</a>
        </h2>
        {description !== undefined && <p>{description.split('\n', 1)[0]}</p>}
        <code class="saved-source">{sourceLine(command)}</code>
        <Facts command={command} />
      </div>
      <div class="saved-card-ways">
        {target !== undefined && <span class="chip saved-target">{displayText(target)}</span>}
        <a class="button quiet" href={editPath(name)} aria-label={s.editOf(name)}>
          {s.edit}
        </a>
        <a class="button" href={startPath(name)} aria-label={s.runOf(name)}>
          <Icon name="run" />
          {s.run}
        </a>
      </div>
    </li>
  )
}

/** What one should know before starting it, in a few words. */
function Facts({ command }: { readonly command: StoredCommand }): VNode | null {
  const { tags = [], parameters = [], confirm, sudo } = command
  const s = savedText.value
  const facts = [
    ...(parameters.length > 0 ? [s.parameterCount(parameters.length)] : []),
    ...(confirm !== undefined && confirm !== false ? [s.asksFirst] : []),
    ...(sudo === true ? [s.withSudo] : []),
  ]
  if (facts.length + tags.length === 0) return null
  return (
    <p class="saved-facts">
      {tags.map((tag) => (
        <span key={tag} class="saved-tag">
          {displayText(tag)}
        </span>
      ))}
      {facts.join(' · ')}
    </p>
  )
}
