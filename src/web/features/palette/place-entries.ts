/** A line or a time of the run in view, as an entry of the palette. */
import { toAppError } from '../../../shared/errors.ts'
import type { AppModel } from '../../app/app-model.ts'
import { fullTime } from '../../i18n/format.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import type { Entry } from './entries.ts'
import { placeOf } from './typed.ts'

/** The line or time that is typed, as the one entry; none while it is neither, or no run is open. */
export function placeEntries(app: AppModel, typed: string): readonly Entry[] {
  const p = pageTexts.value
  const model = app.current.value
  const run = model?.run.value ?? null
  if (model === null || run === null) return []
  const isUtc = app.preferences.time.value === 'utc'
  const place = placeOf(typed, { start: Date.parse(run.createdAt), isUtc })
  if (place === null) return []
  const entry = { id: 'place', group: 'place', isCode: false, more: '', keys: [] } as const
  if (place.kind === 'line') {
    const act = (): void => app.router.go(`/runs/${run.id}#L${place.pos}`)
    const name = p.paletteLine(place.pos)
    return [
      { ...entry, text: name, mark: { icon: 'goTo' }, more: p.paletteOf(model.tail.value), act },
    ]
  }
  const iso = new Date(place.time).toISOString()
  const act = (): void => void goToTime(app, run.id, iso)
  const zone = isUtc ? 'UTC' : undefined
  const name = p.paletteTime(fullTime(iso, app.preferences.locale.value, zone))
  return [{ ...entry, text: name, mark: { icon: 'clock' }, act }]
}

async function goToTime(app: AppModel, id: string, iso: string): Promise<void> {
  const p = pageTexts.value
  app.say(p.paletteLooking)
  try {
    const pos = await firstLineSince(app, id, iso)
    // Whoever has gone elsewhere meanwhile is not brought back.
    if (app.current.value?.id !== id) return
    if (pos === null) {
      app.say(p.paletteNoLater)
      return
    }
    app.router.go(`/runs/${id}#L${pos}`)
    app.say(p.paletteFound(pos))
  } catch (thrown) {
    app.say(toAppError(thrown))
  }
}

/** Goes on where the server had no more time for it, as long as it gets further. */
async function firstLineSince(
  { api }: AppModel,
  id: string,
  since: string,
): Promise<number | null> {
  for (let from = 0; ; ) {
    const page = await api.matching(id, { since, from, limit: 1 })
    const [line] = page.lines
    if (line !== undefined) return line.pos
    if (page.stopped === undefined || page.next === from) return null
    from = page.next
  }
}
