import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { referencePages } from './make-reference.ts'

const pages = [...(await referencePages())]

describe('what is written by a program', () => {
  it.each(pages)('%s says what the code says ("npm run reference")', (path, text) => {
    expect(readFileSync(path, 'utf8')).toBe(text)
  })
})
