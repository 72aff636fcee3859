import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { commandSpecs } from '../../src/app/cli/commands.ts'

test('the manual page is read without a warning, and says every flag of every command', async () => {
  // What it warns of comes on stderr, which is joined here.
  const script = 'LC_ALL=C.UTF-8 exec groff -man -Tutf8 -P-cbou -ww man/farglass.1 2>&1'
  const shown = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).replaceAll('\u2010\n', '')
  expect(shown).not.toMatch(/^troff: /m)
  const specs = await commandSpecs()
  const missing = specs.flatMap(({ name, flags }) =>
    [`farglass ${name}`, ...Object.keys(flags).map((flag) => `--${flag}`)].filter(
      (text) => !shown.includes(text),
    ),
  )
  expect(missing).toEqual([])
})
