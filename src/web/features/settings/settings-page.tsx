/** What this browser remembers, the keys, what the server keeps, and what Farglass is made of. */
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { type SettingsPart, settingsParts } from '../../app/router.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { lazy } from '../../ui/lazy.tsx'
import { About } from './about.tsx'
import { Appearance } from './appearance.tsx'
import { Keyboard } from './keyboard.tsx'
import { Language } from './language.tsx'
import './settings-page.css'

/** That of the server, which most who come here do not look for. */
const Retention = lazy(async () => (await import('../retention/retention-part.tsx')).RetentionPart)

const parts: Readonly<Record<SettingsPart, () => VNode>> = {
  appearance: Appearance,
  keyboard: Keyboard,
  language: Language,
  retention: () => <Retention />,
  about: About,
}

export function SettingsPage({ part }: { readonly part: SettingsPart }): VNode {
  const t = text.value
  const p = pageTexts.value
  const Part = parts[part]
  useEffect(() => {
    document.title = `${t.settings} · Farglass`
  }, [t])
  return (
    <main class="page settings">
      <h1>{t.settings}</h1>
      <div class="settings-body">
        <nav class="settings-nav" aria-label={t.settings}>
          {settingsParts.map((name) => (
            <a
              key={name}
              href={`/settings/${name}`}
              aria-current={name === part ? 'page' : undefined}
            >
              {p.settingsParts[name]}
            </a>
          ))}
        </nav>
        <section class="settings-part" aria-labelledby="settings-title">
          <h2 id="settings-title">{p.settingsParts[part]}</h2>
          <Part />
        </section>
      </div>
    </main>
  )
}
