/** A chaos test prints what it has measured, so that a suite that passes says how well. */

export function tellFigure(text: string): void {
  process.stderr.write(`${text}\n`)
}
