/** Which Farglass this is, and the work of others in it. */
import type { VNode } from 'preact'
import { useApp } from '../../app/app-context.ts'
import { text } from '../../i18n/text.ts'
import { licences } from './licences.ts'

export function About(): VNode {
  const { session } = useApp()
  const t = text.value
  return (
    <>
      <p class="about-version">
        Farglass <b>{session.info.value?.version}</b>
      </p>
      <p>{t.aboutLicence}</p>
      <h3>{t.aboutOthers}</h3>
      <ul class="licences">
        {licences.map(({ name, licence, where }) => (
          <li key={name}>
            <span>{name}</span>
            <span>{t.licenceWhere[where]}</span>
            <span class="mono">{licence}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
