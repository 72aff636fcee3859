/** English texts of the panel of many hosts, which is loaded with it. */
const number = new Intl.NumberFormat('en')
const n = (value: number): string => number.format(value)

export const enFleet = {
  states: 'Only hosts in these states' as string,
  find: 'Find a host' as string,
  look: 'How hosts are shown' as string,
  looks: { grid: 'Grid', list: 'List' } as Record<'grid' | 'list', string>,
  gridOf: (count: number): string => (count === 1 ? '1 host' : `${n(count)} hosts`),
  none: 'No host is like that.' as string,
  onlyTheirs: 'Only their lines' as string,
  reasons: 'Why hosts failed' as string,
  moreReasons: (count: number): string =>
    count === 1 ? 'and one more reason' : `and ${n(count)} more reasons`,
}
