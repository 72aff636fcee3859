/** Looks for a regular expression in drawn texts where it can be ended: on the page it could stand still for ever. */
import type { TextPattern } from '../../../shared/text-pattern.ts'
import { hitPlaces } from './hit-places.ts'

interface Asked {
  readonly id: number
  readonly pattern: TextPattern
  readonly texts: readonly string[]
}

addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  postMessage({ id: data.id, places: hitPlaces(data.pattern, data.texts) })
})
