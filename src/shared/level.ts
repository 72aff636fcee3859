/** How grave a line says it is. */
export type Level = 'error' | 'warn' | 'info' | 'debug'

export const levels: readonly Level[] = ['error', 'warn', 'info', 'debug']
