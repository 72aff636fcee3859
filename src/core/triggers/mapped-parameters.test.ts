import fc from 'fast-check'
import { expect, it } from 'vitest'
import { mappedParameters } from './mapped-parameters.ts'

const mapping = {
  service: { path: 'repository.name' },
  author: { path: 'commits.0.author', default: 'nobody' },
}

it('takes the fields that the mapping names, and no other', () => {
  const payload = { repository: { name: 'api', secret: 'x' }, commits: [{ author: 'ann' }] }
  expect(
    mappedParameters({ parameters: { stage: 'prod', service: 'old' }, mapping }, payload),
  ).toEqual({
    stage: 'prod',
    service: 'api',
    author: 'ann',
  })
  expect(mappedParameters({ parameters: {}, mapping }, { repository: { name: 7 } })).toEqual({
    service: 7,
    author: 'nobody',
  })
})

it('refuses a payload without a field that is needed, or with a list or object in its place', () => {
  for (const name of [undefined, null, {}, [], { toString: 'x' }]) {
    expect(() => mappedParameters({ parameters: {}, mapping }, { repository: { name } })).toThrow(
      'repository.name',
    )
  }
})

it('finds nothing that the payload itself does not hold, whatever the path', () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.array(
        fc.constantFrom('__proto__', 'constructor', 'length', 'prototype', 'toString', '0'),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      (payload, path) => {
        const ask = { parameters: {}, mapping: { it: { path: path.join('.'), default: 'none' } } }
        const own = JSON.stringify(payload)
        try {
          const { it: value } = mappedParameters(ask, payload)
          // As it stands in JSON, where quotes and control characters are escaped.
          const asJson = JSON.stringify(String(value)).slice(1, -1)
          expect(value === 'none' || own.includes(asJson)).toBe(true)
        } catch (thrown) {
          expect(String(thrown)).toContain('is no text')
        }
      },
    ),
  )
})
