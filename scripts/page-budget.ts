/** `tsx scripts/page-budget.ts`: builds the page apart and says what its first load weighs; fails over the limits. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

/** Bytes, compressed, of what a first visit fetches before it can show anything. */
export const firstLoadMax = { '.js': 60 * 1024, '.css': 15 * 1024 } as const

/** Bytes, compressed as well as a browser gets them, of the files of one kind that index.html names. */
export function firstLoad(root: string, extension: keyof typeof firstLoadMax): number {
  const html = readFileSync(join(root, 'index.html'), 'utf8')
  const names = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, name = '']) => name)
  return names
    .filter((name) => name.endsWith(extension))
    .reduce((sum, name) => sum + gzipSync(readFileSync(join(root, name)), { level: 9 }).length, 0)
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'farglass-page-'))
  try {
    await build({ logLevel: 'error', build: { outDir: folder, emptyOutDir: true } })
    for (const [extension, max] of Object.entries(firstLoadMax)) {
      const bytes = firstLoad(folder, extension === '.js' ? '.js' : '.css')
      console.log(`${extension} ${bytes} bytes of ${max}`)
      // Nothing at all would pass every limit.
      if (bytes === 0 || bytes > max) process.exitCode = 1
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
