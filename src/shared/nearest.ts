/** The word that a person may have meant. */

/** The known word that is nearest to the given one, when it is near enough to be worth a guess. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    const distance =
      candidate.startsWith(word) && word.length > 1 ? 1 : editDistance(word, candidate)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Letters to insert, remove, replace, or swap with the next one. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)]
  const at = (i: number, j: number) => rows[i]?.[j] ?? Infinity
  for (let i = 0; i < a.length; i++) {
    const row = [i + 1]
    rows.push(row)
    for (let j = 0; j < b.length; j++) {
      const replaced = at(i, j) + (a[i] === b[j] ? 0 : 1)
      const isSwapped = a[i] === b[j - 1] && a[i - 1] === b[j]
      const swapped = isSwapped ? at(i - 1, j - 1) + 1 : Infinity
      row.push(Math.min(replaced, swapped, at(i, j + 1) + 1, at(i + 1, j) + 1))
    }
  }
  return at(a.length, b.length)
}
