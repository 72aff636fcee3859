import { expect, test } from 'vitest'
import { completeAnswer } from './complete-script.ts'

const mark = (word: string) => `\u001enonce ${word} 0\n`

test('candidates are what stands between the marks, whatever a login shell says before', () => {
  const said = `Welcome!\n${mark('begin')}/a\0/b c\0${mark('end')}`
  expect(completeAnswer(said, 'nonce')).toEqual(['/a', '/b c'])
  expect(completeAnswer(`${mark('begin')}${mark('end')}`, 'nonce')).toEqual([])
})

test('an answer that is not all there yet is none', () => {
  expect(completeAnswer(`${mark('begin')}/a\0`, 'nonce')).toBeNull()
  expect(completeAnswer(mark('end'), 'nonce')).toBeNull()
})
