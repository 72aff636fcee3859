import fc from 'fast-check'
import { expect, it } from 'vitest'
import { webhookKinds } from '../../../shared/protocol/alerts.ts'
import { cut, exampleFiring, type Firing } from '../firing.ts'
import { renderMessage } from './template.ts'

const base = 'https://ops.example.com'
const hostile = fc.oneof(
  fc.string({ maxLength: 400 }),
  fc.constantFrom(
    '<!channel> <@U1> <https://evil.example|click>',
    '@everyone <@&1> [x](https://evil.example)',
    'a\r\nX-Injected: 1',
    '```',
    '`*_~|>#',
    '😀'.repeat(400),
  ),
)

function firingWith(text: string): Firing {
  const example = exampleFiring('errors', 0)
  const line = { pos: 7, host: cut(text), channel: 'out', time: example.time, text: cut(text) }
  const run = { ...example.run, target: cut(text), source: cut(text), failures: [cut(text)] }
  return { ...example, kind: 'lines', run, lines: Array.from({ length: 5 }, () => line) }
}

function messageOf(kind: (typeof webhookKinds)[number], text: string) {
  return renderMessage(kind, firingWith(text), base)
}

it('no text of a host calls anybody, makes a link or ends a code in Slack', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { body } = messageOf('slack', text)
      const said: string[] = JSON.parse(body).blocks.map(
        (block: { text: { text: string; verbatim: boolean } }) => {
          expect(block.text.verbatim).toBe(true)
          return block.text.text
        },
      )
      for (const part of said) {
        expect(part.length).toBeLessThanOrEqual(3_000)
        const own = part.replaceAll(/<https:\/\/ops\.example\.com\/[^|<>]*\|/g, '')
        expect(own).not.toMatch(/<|[^`\s]`[^`\s]`/)
      }
    }),
  )
})

it('no text of a host calls anybody or makes a link in Discord', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { body } = messageOf('discord', text)
      const { embeds, allowed_mentions } = JSON.parse(body)
      expect(allowed_mentions).toEqual({ parse: [] })
      const [{ title, description }] = embeds
      expect(title).toBe('errors: 1 matching line')
      expect(description.length).toBeLessThanOrEqual(4_096)
      expect(description.replaceAll('](https://ops.example.com/', '')).not.toMatch(
        /https?:\/\/|@everyone|(^|[^\\])`/,
      )
    }),
  )
})

it('no text of a host gets into a header', () => {
  fc.assert(
    fc.property(hostile, fc.constantFrom(...webhookKinds), (text, kind) => {
      const { headers } = messageOf(kind, text)
      for (const value of Object.values(headers)) expect(value).toMatch(/^[\x20-\x7e]*$/)
      expect(headers).toEqual(messageOf(kind, 'harmless').headers)
    }),
  )
})

it('a message is bounded, whatever a host writes', () => {
  fc.assert(
    fc.property(hostile, fc.constantFrom(...webhookKinds), (text, kind) => {
      expect(Buffer.byteLength(messageOf(kind, text).body)).toBeLessThan(64 * 1024)
    }),
  )
})

it('the generic message names the line by its place and its address', () => {
  const { body, headers } = renderMessage('json', firingWith('boom'), base)
  expect(JSON.parse(body)).toMatchObject({
    version: 1,
    idempotencyKey: 'errors/test/0',
    lines: [
      { pos: 7, text: 'boom', url: `${base}/runs/r0000000000000000000000000#L7` },
      {},
      {},
      {},
      {},
    ],
  })
  expect(headers['idempotency-key']).toBe('errors/test/0')
})
