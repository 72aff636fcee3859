/** The commands that every demo host has. */
export const programNames = [
  'access-log',
  'app-log',
  'burst',
  'demo-help',
  'deploy',
  'json-log',
  'progress',
  'prompt',
  'service-log',
  'stack-traces',
  'unicode',
] as const

export type ProgramName = (typeof programNames)[number]
