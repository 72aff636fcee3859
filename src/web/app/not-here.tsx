/** One page for a run that is unknown and for one that is not yours: it tells neither from the other. */
import type { VNode } from 'preact'
import { pageTexts } from '../i18n/page-texts.ts'
import { text } from '../i18n/text.ts'
import './not-here.css'

export function NotHere(): VNode {
  const t = text.value
  const p = pageTexts.value
  return (
    <main class="page not-here">
      <div class="not-here-box">
        <h1>{p.notHere}</h1>
        <p>{p.notHereText}</p>
        <p class="not-here-actions">
          <a class="button" href="/runs">
            {t.allRuns}
          </a>
          <a class="button" href="/">
            {t.newRun}
          </a>
        </p>
      </div>
    </main>
  )
}
