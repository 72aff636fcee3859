/** What was found, run by run: its first matching lines, each a link to its place. */
import type { VNode } from 'preact'
import { displayText, visibleText } from '../../../shared/display.ts'
import type { WireLine } from '../../../shared/protocol/events.ts'

import { sourceText } from '../../../shared/source.ts'
import { useApp } from '../../app/app-context.ts'
import { clockTime, shortTime } from '../../i18n/format.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { splitTarget } from '../runs/split-target.ts'
import { runTone } from '../runs/tones.ts'
import { hostColor } from '../viewer/log-row.ts'
import type { RunHits } from './run-search.ts'
import { partsOf, type SearchText, searchQueryOf } from './search-text.ts'

export interface SearchHitsProps {
  readonly found: readonly RunHits[]
  readonly asked: SearchText
}

export function SearchHits({ found, asked }: SearchHitsProps): VNode {
  return (
    <div class="search-hits">
      {found.map((hits) => (
        <Hits key={hits.run.id} hits={hits} asked={asked} />
      ))}
    </div>
  )
}

interface HitsProps {
  readonly hits: RunHits
  readonly asked: SearchText
}

function Hits({ hits, asked }: HitsProps): VNode {
  const { now, preferences } = useApp()
  const p = pageTexts.value
  const { run, count, lines, hosts } = hits
  const more = count - lines.length
  const [host = run.target, ...others] = splitTarget(run.target)
  // The search of the run page goes on with the same text.
  const address = `/runs/${run.id}${searchQueryOf(asked)}`
  return (
    <article class="search-run">
      <h2>
        <span class={`dot tone-${runTone(run)}`} />
        <a href={address} class="mono">
          {sourceText(run.source)}
        </a>
        <span class="search-run-more">
          {others.length === 0 ? host : `${host} +${others.length}`}
          {' · '}
          {shortTime(run.createdAt, now.value, preferences.locale.value)}
        </span>
        <span class="search-count">{p.matches(count)}</span>
      </h2>
      <ol>
        {lines.map((line) => (
          <Hit
            key={line.pos}
            line={line}
            host={hosts.get(line.task) ?? ''}
            href={`${address}#L${line.pos}`}
            asked={asked}
          />
        ))}
      </ol>
      {more > 0 && (
        <a class="search-more" href={address}>
          {p.moreMatches(more)}
        </a>
      )}
    </article>
  )
}

interface HitProps {
  readonly line: WireLine
  readonly host: string
  readonly href: string
  readonly asked: SearchText
}

function Hit({ line, host, href, asked }: HitProps): VNode {
  const t = text.value
  const shown = line.channel === 'note' ? t.note(line.text) : displayText(visibleText(line.text))
  return (
    <li>
      <a href={href} class={line.channel === 'err' ? 'search-hit err' : 'search-hit'}>
        <span class={`search-host host-${hostColor(line.task)}`}>{displayText(host)}</span>
        <span class="search-time">{clockTime(line.time)}</span>
        <span class="search-text">
          {line.channel === 'err' && <span class="hidden-visually">{t.stderr} </span>}
          {partsOf(shown, asked).map(({ text: part, isMatch }, at) =>
            // Parts of one line never move among each other.
            isMatch ? <mark key={`${at}`}>{part}</mark> : part,
          )}
        </span>
      </a>
    </li>
  )
}
