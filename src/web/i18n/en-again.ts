/** English texts of running a run once more, which are loaded with it. */
const number = new Intl.NumberFormat('en')
const n = (value: number): string => number.format(value)

export const enAgain = {
  how: 'Choose how' as string,
  all: (count: number): string => (count === 1 ? 'Run again' : `On all ${n(count)} hosts`),
  failed: (count: number): string =>
    count === 1 ? 'Only on the one that failed' : `Only on the ${n(count)} that failed`,
  edit: 'Change it first' as string,
  editMore: 'Fills it in above: hosts, command and options' as string,
}
