/** English texts of the view of one very long line, which are loaded with it. */
const number = new Intl.NumberFormat('en')

export const enWholeLine = {
  lineOf: (pos: number, host: string): string => `Line ${number.format(pos)} of ${host}`,
  exactBytes: 'Exact bytes' as string,
  copyLine: 'Copy all of it' as string,
  lineCopied: 'The whole line is copied' as string,
  reading: 'Reading the whole line…' as string,
}
