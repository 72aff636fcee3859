/** Which Farglass this is, and the work of others in it. */
import type { VNode } from 'preact'
import { useApp } from '../../app/app-context.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { licences } from './licences.ts'

export function About(): VNode {
  const { session } = useApp()
  const p = pageTexts.value
  return (
    <>
      <p class="about-version">
        Farglass <b>{session.info.value?.version}</b>
      </p>
      <p>{p.aboutLicence}</p>
      <h3>{p.aboutOthers}</h3>
      <ul class="licences">
        {licences.map(({ name, licence, where }) => (
          <li key={name}>
            <span>{name}</span>
            <span>{p.licenceWhere[where]}</span>
            <span class="mono">{licence}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
