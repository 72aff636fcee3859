/** English texts of single lines: who reads them, their marks, and what is inside of them. */

const number = new Intl.NumberFormat('en')
const list = new Intl.ListFormat('en')
const n = (value: number): string => number.format(value)

export const enLines = {
  /** `1 other watches`, `Ann and 2 others watch`. */
  othersWatch: (count: number, names: readonly string[]): string => {
    const more = count - names.length
    const others = more > 0 ? [`${n(more)} ${more === 1 ? 'other' : 'others'}`] : []
    return `${list.format([...names, ...others])} ${count === 1 ? 'watches' : 'watch'}`
  },
  fields: 'Fields of the line' as string,
  copyPath: 'Copy path' as string,
  copyValue: 'Copy value' as string,
  copied: 'Copied' as string,
  onlyThisValue: 'Only lines with this value' as string,
  levelSource: {
    stated: 'as the line states',
    likely: 'by a word at its start',
  } as Record<'stated' | 'likely', string>,
  marked: 'marked' as string,
  markedLines: 'Marked lines' as string,
  lineNumber: (pos: number): string => `Line ${n(pos)}`,
  markLine: 'Mark for everybody' as string,
  unmarkLine: 'Take the mark back' as string,
}
