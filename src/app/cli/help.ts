/** The help of a command, made from its own table of flags. */
import type { CommandSpec, FlagSpec } from './command-line.ts'

export function helpOf(spec: CommandSpec): string {
  const flags: Readonly<Record<string, FlagSpec>> = {
    ...spec.flags,
    help: { value: null, help: 'show this' },
  }
  const rows = Object.entries(flags).map(
    ([name, flag]) =>
      [`--${name}${flag.value === null ? '' : ` ${flag.value}`}`, flag.help] as const,
  )
  return [
    `farglass ${spec.name}: ${spec.summary}`,
    '',
    `Usage: farglass ${spec.name} [FLAGS]${spec.usage === '' ? '' : ` ${spec.usage}`}`,
    '',
    ...table(rows),
    '',
    'Examples:',
    ...table(spec.examples),
    ...(spec.notes ?? []).flatMap((note) => ['', ...wrap(note)]),
    '',
  ].join('\n')
}

/** Rows of two columns; a first cell that is too long gets a line of its own. */
export function table(rows: readonly (readonly [string, string])[]): string[] {
  const fitting = rows.map(([first]) => first.length).filter((length) => length <= 30)
  const width = Math.max(0, ...fitting)
  return rows.flatMap(([first, second]) =>
    first.length <= width
      ? [`  ${first.padEnd(width)}  ${second}`]
      : [`  ${first}`, `  ${' '.repeat(width)}  ${second}`],
  )
}

function wrap(text: string, columns = 90): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
