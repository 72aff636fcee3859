/** What a first visit has to load: sizes as a browser gets them, and nothing inline that the policy forbids. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { firstLoad, firstLoadMax } from '../../scripts/page-budget.ts'

const root = path.resolve(import.meta.dirname, '../../dist/web')
const html = readFileSync(path.join(root, 'index.html'), 'utf8')
const kilobyte = 1_024

describe('the first load of the page', () => {
  test.each(['.js', '.css'] as const)('keeps its limit of %s, compressed', (extension) => {
    expect(firstLoad(root, extension)).toBeGreaterThan(0)
    expect(firstLoad(root, extension)).toBeLessThanOrEqual(firstLoadMax[extension])
  })

  test('has at most 90 KB of fonts, Latin only', () => {
    const fonts = readdirSync(path.join(root, 'assets')).filter((name) => name.endsWith('.woff2'))
    const bytes = fonts.reduce(
      (sum, name) => sum + readFileSync(path.join(root, 'assets', name)).length,
      0,
    )
    expect(fonts).toHaveLength(2)
    expect(bytes).toBeLessThanOrEqual(90 * kilobyte)
  })

  test('keeps the second language for who reads it', () => {
    const main = readdirSync(path.join(root, 'assets')).find((name) => /^index-.*\.js$/.test(name))
    expect(readFileSync(path.join(root, 'assets', main ?? ''), 'utf8')).not.toContain('排队中')
  })

  test('holds no inline script, no inline style and no data: address', () => {
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/)
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|data:/)
  })
})
