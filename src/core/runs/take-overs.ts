/**
 * Takes over what a dead process has left: some at a time, in an order of chance. Nodes that find the
 * same runs at the same moment so share them, instead of all walking behind the first one.
 */
export async function takeAll<Orphan>(
  orphans: readonly Orphan[],
  { atOnce, random }: { readonly atOnce: number; readonly random: () => number },
  take: (orphan: Orphan) => Promise<void>,
): Promise<void> {
  const left = shuffled(orphans, random)
  const lane = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) await take(next)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, left.length) }, lane))
}

/** Each order is as likely as any other. */
function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
