import { expect, test } from 'vitest'
import { planOf } from '../../../shared/run-plan.ts'
import { faultOf, optionsOf, optionsSummary, planRequest } from './run-options.ts'

const source = { kind: 'command', command: 'true' } as const
const typed = {
  sudo: 'yes',
  fanout: '10',
  batch: '5',
  maxFailures: '2',
  taskTimeout: '90s',
  timeout: '2h',
  order: 'shuffled',
}

test('a run that is run once more has the options that it had', () => {
  const plan = planOf(planRequest(typed), source, 50)
  expect(optionsOf({ plan, source, sudo: true })).toEqual(typed)
  expect(optionsOf({ plan: planOf({}, source, 50), source })).toEqual({})
})

test('options are told in a few words, without what cannot be read', () => {
  expect(optionsSummary(typed)).toBe(
    'as root · 10 at once · batches of 5 · stops after 2 failures · 90s for each · 2h in all · shuffled',
  )
  expect(optionsSummary({ fanout: 'many', maxFailures: '0' })).toBe('stops at the first failure')
})

test.each([
  ['fanout', '0'],
  ['fanout', '1001'],
  ['batch', '0%'],
  ['maxFailures', '-1'],
  ['taskTimeout', '0s'],
  ['timeout', 'soon'],
] as const)('%s does not take "%s", and says what it takes', (name, text) => {
  const fault = faultOf(name, text) ?? ''
  expect(fault).toMatch(/\.$/)
  expect(() => planRequest({ [name]: text })).toThrow(fault)
})
