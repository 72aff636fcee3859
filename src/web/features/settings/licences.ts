/** What Farglass is built with and gives away with it: the names as they are in the registry of npm. */
export interface Licence {
  readonly name: string
  /** As its package.json says. */
  readonly licence: string
  readonly where: 'page' | 'server'
}

export const licences: readonly Licence[] = [
  { name: 'preact', licence: 'MIT', where: 'page' },
  { name: '@preact/signals', licence: 'MIT', where: 'page' },
  { name: '@fontsource-variable/inter', licence: 'OFL-1.1', where: 'page' },
  { name: '@fontsource-variable/jetbrains-mono', licence: 'OFL-1.1', where: 'page' },
  { name: 'fastify', licence: 'MIT', where: 'server' },
  { name: '@fastify/swagger', licence: 'MIT', where: 'server' },
  { name: 'fastify-type-provider-zod', licence: 'MIT', where: 'server' },
  { name: 'light-my-request', licence: 'BSD-3-Clause', where: 'server' },
  { name: 'zod', licence: 'MIT', where: 'server' },
  { name: 'ioredis', licence: 'MIT', where: 'server' },
  { name: 'yaml', licence: 'ISC', where: 'server' },
  { name: 'diff', licence: 'BSD-3-Clause', where: 'server' },
  { name: 'croner', licence: 'MIT', where: 'server' },
  { name: 'ssh2', licence: 'MIT', where: 'server' },
  { name: '@photostructure/sqlite', licence: 'MIT', where: 'server' },
]
