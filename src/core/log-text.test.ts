import { expect, test } from 'vitest'
import { AppError, toAppError } from '../shared/errors.ts'
import { logText, tellFault } from './log-text.ts'

test('says of a fault of Farglass where it is and what has caused it, however deep', () => {
  const deep = new Error('The block is cut.')
  const error = new TypeError('The page cannot be read.', { cause: deep })
  const text = logText(toAppError(error))
  expect(text).toMatch(
    /^Farglass failed to do this because of a fault of its own\. Please report it\.\n/,
  )
  expect(text).toMatch(
    /\nTypeError: The page cannot be read\.\n +at [^]*\ncaused by: Error: The block is cut\.\n +at /,
  )
  expect(logText(toAppError('no error at all'))).toMatch(/\nno error at all$/)
  const round = new Error('It causes itself.')
  round.cause = round
  expect(logText(toAppError(round)).match(/It causes itself/g)?.length).toBeLessThan(10)
})

test('says of any other error what happened and what to do, and tells of none', () => {
  const error = new AppError('disk-full', 'The disk is full.')
  expect(logText(error)).toBe(`The disk is full. ${error.hint}`)
  const told: string[] = []
  tellFault((text) => told.push(text), 'Here', error)
  expect(told).toEqual([])
  tellFault((text) => told.push(text), 'Here', new Error('Boom.'))
  expect(told).toEqual([expect.stringMatching(/^Here: .*\nError: Boom\./)])
})
