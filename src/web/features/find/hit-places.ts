/** Where in drawn texts a pattern is found: columns, bounded in number. */
import { compilePattern, type TextPattern } from '../../../shared/text-pattern.ts'

export interface HitPlace {
  readonly from: number
  readonly to: number
}

/** More places in one line are not told apart. */
const placesMax = 200

/** Of each text its places, in order; none for a pattern that matches nothing but emptiness. */
export function hitPlaces(pattern: TextPattern, texts: readonly string[]): readonly HitPlace[][] {
  const place = compilePattern(pattern)
  return texts.map((text) => {
    const found: HitPlace[] = []
    place.lastIndex = 0
    while (found.length < placesMax) {
      const hit = place.exec(text)
      if (hit === null) break
      if (hit[0] === '') place.lastIndex++
      else found.push({ from: hit.index, to: hit.index + hit[0].length })
    }
    return found
  })
}
