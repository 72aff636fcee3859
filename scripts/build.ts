/** Builds what is missing or stale in dist/, and nothing else, so that start and tests never run old code. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
/** Folders that the compiler emits as they are; the page (src/web) is bundled by Vite. */
const emitted = ['shared', 'core', 'adapters', 'http', 'client', 'app']
const webInputs = [
  'src/web',
  'src/shared',
  'src/client',
  'vite.config.ts',
  'package-lock.json',
  'scripts/build.ts',
]
/** Lies outside dist, because everything in dist is shipped. */
const webStamp = join(root, 'node_modules/.cache/farglass/web.sha256')

/** Makes dist/ equal to what the sources say. Throws with the tool's own output when they do not compile. */
export function ensureBuilt(): void {
  buildServer()
  buildPage()
}

function buildServer(): void {
  runTool('tsc', ['-b'])
  // The compiler trusts its own notes and does not see that somebody removed an output.
  if (sources().some((path) => !existsSync(outputOf(path)))) runTool('tsc', ['-b', '--force'])
  removeOrphans()
}

function buildPage(): void {
  if (!existsSync(join(root, 'src/web/index.html'))) return
  const digest = digestOf(webInputs)
  const fresh = existsSync(webStamp) && readFileSync(webStamp, 'utf8') === digest
  if (fresh && existsSync(join(root, 'dist/web/index.html'))) return
  runTool('vite', ['build', '--logLevel', 'warn'])
  mkdirSync(dirname(webStamp), { recursive: true })
  writeFileSync(webStamp, digest)
}

/** Source files of the emitted folders, relative to src/. */
function sources(): string[] {
  return emitted.flatMap((folder) =>
    filesIn(join('src', folder))
      .filter((path) => path.endsWith('.ts'))
      .filter((path) => !path.endsWith('.test.ts') && !path.endsWith('.d.ts'))
      .map((path) => path.slice('src/'.length)),
  )
}

function outputOf(source: string): string {
  return join(root, 'dist', source.replace(/\.ts$/, '.js'))
}

/** Outputs of deleted sources would be shipped and could still be imported. */
function removeOrphans(): void {
  const known = new Set(sources().map((path) => path.slice(0, -'.ts'.length)))
  for (const folder of emitted) {
    for (const path of filesIn(join('dist', folder))) {
      const source = path.slice('dist/'.length).replace(/\.(?:js|d\.ts)(?:\.map)?$/, '')
      if (path.endsWith('.tsbuildinfo') || known.has(source)) continue
      rmSync(join(root, path))
    }
  }
}

function digestOf(inputs: readonly string[]): string {
  const hash = createHash('sha256')
  for (const input of inputs) {
    for (const path of filesIn(input)) {
      hash.update(`${path}\0`)
      hash.update(readFileSync(join(root, path)))
    }
  }
  return hash.digest('hex')
}

/** The file itself, or all files below the folder, sorted, relative to the project. */
function filesIn(path: string): string[] {
  const full = join(root, path)
  if (!existsSync(full)) return []
  if (/\.\w+$/.test(path)) return [path]
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .toSorted()
}

function runTool(name: string, args: readonly string[]): void {
  const bin = join(root, 'node_modules/.bin', name)
  // Tests call this too, and what they build is shipped: their own NODE_ENV would make another page.
  const env = { ...process.env, NODE_ENV: 'production' }
  const done = spawnSync(bin, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  if (done.error) throw done.error
  if (done.status === 0) return
  const output = `${done.stdout.toString()}${done.stderr.toString()}`.trim()
  throw new Error(`${name} ${args.join(' ')} failed:\n${output}`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    ensureBuilt()
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown)
    process.exitCode = 1
  }
}
