import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { metricTable } from '../src/core/metrics/metric-table.ts'

const pages = [...markdownIn('.'), ...markdownIn('docs', true), ...markdownIn('examples', true)]
const scripts = scriptNames()

describe('the documentation', () => {
  it.each(pages)('%s links only to what is there', (page) => {
    const broken = linksIn(page).filter((link) => !leadsSomewhere(page, link))
    expect(broken).toEqual([])
  })

  it.each(pages)('%s names only npm commands that exist', (page) => {
    const named = [...read(page).matchAll(/(?:`|&& |^)npm (?:run )?([a-z][\w:-]*)/gm)].map(
      (hit) => hit[1],
    )
    const builtIn = ['install', 'ci', 'run', 'version', 'publish', 'pack', 'registry', 'package']
    const unknown = named.filter(
      (name) => !builtIn.includes(name ?? '') && !scripts.has(name ?? ''),
    )
    expect(unknown).toEqual([])
  })

  it.each(pages)('%s names only tests that exist', (page) => {
    const missing = [...read(page).matchAll(/`((?:src|test|bench|scripts)\/[\w./-]+\.tsx?)`/g)]
      .map((hit) => hit[1] ?? '')
      .filter((path) => !existsSync(path))
    expect(missing).toEqual([])
  })

  it.each(pages)('%s names only metrics that exist', (page) => {
    const names = Object.keys(metricTable)
    const unknown = [...read(page).matchAll(/\b(?:farglass|process)_[a-z0-9_]+/g)]
      .map((hit) => hit[0].replace(/_(?:bucket|sum|count)$/, ''))
      .filter((name) => !names.includes(name))
    expect(unknown).toEqual([])
  })

  it('ARCHITECTURE.md names for each invariant a test whose title is in that file', () => {
    const proofs = [
      ...read('ARCHITECTURE.md').matchAll(/`((?:src|test)\/[\w./-]+\.tsx?)`, “(.+?)”/g),
    ]
    expect(proofs.length).toBeGreaterThanOrEqual(10)
    const wrong = proofs.filter(([, file = '', title = '']) => !read(file).includes(title))
    expect(wrong.map(([, file, title]) => `${file}: ${title}`)).toEqual([])
  })

  it('docs/operate/faults.md has every fault once, with tests whose titles are in their files, or the reason why not', () => {
    const rows = [...read('docs/operate/faults.md').matchAll(/^\| F(\d+) \|.*\| (.+) \|$/gm)]
    expect(rows.map(([, number]) => Number(number))).toEqual(
      Array.from({ length: 55 }, (_, at) => at + 1),
    )
    const wrong = rows.filter(([, , cell = '']) => !isProved(cell))
    expect(wrong.map(([row]) => row)).toEqual([])
  })

  it('README.md and README.zh-CN.md stay short and say the same commands', () => {
    const commands = (page: string): readonly string[] =>
      [...read(page).matchAll(/```sh\n(.*?)```/gs)].map((hit) => hit[1] ?? '')
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(150)
    expect(withoutComments(commands('README.zh-CN.md'))).toEqual(
      withoutComments(commands('README.md')),
    )
  })
})

/** `file`, “title”; one or more of them, each there as it is named, or a reason. */
function isProved(cell: string): boolean {
  if (/^not run: .{10,}/.test(cell)) return true
  const proofs = [...cell.matchAll(/`((?:src|test)\/[\w./-]+\.tsx?)`, “(.+?)”/g)]
  if (proofs.length === 0 || proofs.map(([text]) => text).join('; ') !== cell) return false
  return proofs.every(([, file = '', title = '']) => existsSync(file) && read(file).includes(title))
}

function withoutComments(commands: readonly string[]): readonly string[] {
  return commands.map((command) => command.replaceAll(/ *#.*$/gm, ''))
}

function markdownIn(folder: string, deep = false): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: deep })
    .map((name) => normalize(join(folder, String(name))))
    .filter((path) => path.endsWith('.md'))
}

function linksIn(page: string): readonly string[] {
  const text = read(page).replaceAll(/```.*?```/gs, '')
  return [...text.matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)].map((hit) => hit[1] ?? hit[2] ?? '')
}

/** Addresses of other sites are not tried: tests use no network. */
function leadsSomewhere(page: string, link: string): boolean {
  if (/^(?:https?|mailto):/.test(link)) return true
  const [path = '', anchor] = link.split('#')
  const file = path === '' ? page : normalize(join(dirname(page), path))
  if (!existsSync(file)) return false
  return anchor === undefined || anchorsIn(file).includes(anchor)
}

/** The anchors that the hosting site makes of headings. */
function anchorsIn(file: string): readonly string[] {
  return [...read(file).matchAll(/^#+ (.+)$/gm)].map((hit) =>
    (hit[1] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function scriptNames(): ReadonlySet<string> {
  const { scripts: table } = JSON.parse(read('package.json')) as { scripts: object }
  return new Set(Object.keys(table))
}

function read(path: string): string {
  return readFileSync(path, 'utf8')
}
