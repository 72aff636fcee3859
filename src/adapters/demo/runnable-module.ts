/** Finds out how a module beside this one is run by node: built, or from its TypeScript source. */

import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** `file` as it exists, and the node options that it needs (none once built). */
export function runnableModule(source: URL): { file: URL; execArgv: readonly string[] } {
  if (import.meta.url.endsWith('.js')) {
    return { file: new URL(source.href.replace(/\.ts$/, '.js')), execArgv: [] }
  }
  // From source only, so a development dependency is enough.
  const loader = createRequire(import.meta.url).resolve('tsx')
  return { file: source, execArgv: ['--import', pathToFileURL(loader).href] }
}
