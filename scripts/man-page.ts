/** The manual page farglass(1), from what each command says of itself; in the macros of man(7). */
import type { CommandSpec } from '../src/app/cli/command-line.ts'

export function manPage(specs: readonly CommandSpec[], version: string): string {
  return `${[
    '.\\" Written by "npm run reference" from the tables of flags in src/app/cli. Do not edit.',
    `.TH FARGLASS 1 "" "farglass ${version}" "User Commands"`,
    '.SH NAME',
    text('farglass - run and follow commands and logs on remote machines over plain SSH'),
    '.SH SYNOPSIS',
    '.B farglass',
    '.I COMMAND',
    `[${italic('FLAGS')}] ${italic('\\&.\\|.\\|.')}`,
    '.SH DESCRIPTION',
    text(
      'Runs commands on remote machines, and follows their logs, over the ssh that is installed. Lines are shown in the terminal and, with "farglass serve", in the browser, live and to any number of viewers. They are stored first, so that none is lost when a connection breaks.',
    ),
    '.SH COMMANDS',
    ...specs.flatMap(commandOf),
    '.SH ENVIRONMENT',
    ...environment.flatMap(([name, about]) => ['.TP', `.B ${name}`, text(about)]),
    '.SH FILES',
    ...files.flatMap(([name, about]) => ['.TP', `.I ${word(name)}`, text(about)]),
    '.SH SEE ALSO',
    '.BR ssh (1),',
    '.BR ssh_config (5)',
  ].join('\n')}\n`
}

function commandOf({ name, usage, summary, flags, examples, notes = [] }: CommandSpec): string[] {
  return [
    `.SS "farglass ${name}${usage === '' ? '' : ` ${word(usage)}`}"`,
    text(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`),
    ...Object.entries(flags).flatMap(([flag, { value, help }]) => [
      '.TP',
      `${bold(`\\-\\-${word(flag)}`)}${value === null ? '' : ` ${italic(word(value))}`}`,
      text(help),
    ]),
    ...notes.flatMap((note) => ['.PP', text(note)]),
    ...(examples.length > 0 ? ['.PP', 'Examples:'] : []),
    ...examples.flatMap(([command, meaning]) => ['.TP', bold(word(command)), text(meaning)]),
  ]
}

const environment = [
  ['FARGLASS_SERVER', 'Address of the server that commands talk to, as --server.'],
  ['FARGLASS_TOKEN', 'API token for that server.'],
  ['FARGLASS_DATA', 'Data directory, as --data.'],
  ['FARGLASS_SSH_CONFIG', 'Configuration file of ssh, as --ssh-config.'],
] as const

const files = [
  ['~/.local/state/farglass', 'Data directory, unless --data or FARGLASS_DATA name another one.'],
  ['~/.ssh/config', 'Hosts, users, keys and jump hosts: all that ssh reads counts here too.'],
] as const

/** A paragraph in one line; what would be read as a request is not. */
function text(words: string): string {
  return word(words).replace(/^(?=[.'])/, '\\&')
}

/** Hyphens stay those that can be typed; what is not ASCII is named, whatever the locale. */
function word(words: string): string {
  return words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll(/[^\x20-\x7e]/gu, (sign) => `\\[u${codeOf(sign)}]`)
}

function codeOf(sign: string): string {
  return (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}

function bold(words: string): string {
  return `\\fB${words}\\fR`
}

function italic(words: string): string {
  return `\\fI${words}\\fR`
}
