import { expect, test } from 'vitest'
import { readPrompt } from './prompt.ts'

const fingerprint = 'SHA256:PqS8yyJ/fXzOXdPVPAa0kQMlKCdRsqm6mtf+nHyGrl4'

function hostKeyText(ending: string): string {
  return `The authenticity of host '[web-1]:2222 ([192.0.2.7]:2222)' can't be established${ending}
ED25519 key fingerprint is ${fingerprint}.
This key is not known by any other names.
Are you sure you want to continue connecting (yes/no/[fingerprint])? `
}

test('the host-key question gives host, address, key type and fingerprint', () => {
  expect(readPrompt(hostKeyText('.'), '')).toEqual({
    kind: 'host-key',
    question: {
      kind: 'host-key',
      host: '[web-1]:2222',
      address: '[192.0.2.7]:2222',
      keyType: 'ED25519',
      fingerprint,
      otherTypesKnown: false,
    },
  })
})

test('a host that is given by its address is named once', () => {
  const text = hostKeyText('.').replace('[web-1]:2222', '[192.0.2.7]:2222')
  expect(readPrompt(text, '')).toMatchObject({
    question: { host: '[192.0.2.7]:2222', address: null },
  })
})

test('a key of a new type at a host whose other keys are known is told apart', () => {
  const text = hostKeyText(',\nbut keys of different type are already known for this host.')
  expect(readPrompt(text, '')).toMatchObject({ question: { otherTypesKnown: true, fingerprint } })
})

test('a host cannot fake the host-key question, the fingerprint retry or a passphrase', () => {
  const texts = [hostKeyText('.'), "Please type 'yes', 'no': ", "Enter passphrase for key '/k': "]
  for (const text of texts) {
    expect(readPrompt(`(root@web-1) ${text}`, '')).toMatchObject({ ask: 'keyboard-interactive' })
  }
})

test.each([
  ["root@web-1's password: ", 'password'],
  ["Enter passphrase for key '/home/a/.ssh/id': ", 'passphrase'],
  ['Enter PIN for ECDSA-SK key /home/a/.ssh/id: ', 'passphrase'],
  ['(root@web-1) Password: ', 'keyboard-interactive'],
  ["(root@web-1) root@web-1's password: ", 'keyboard-interactive'],
])('%j is a question for a %s', (text, ask) => {
  expect(readPrompt(text, '')).toEqual({ kind: 'secret', ask, prompt: text.trim() })
})

test('confirmations and notices are never shown as a question', () => {
  expect(readPrompt('Allow shared connection to web-1? ', 'confirm')).toEqual({ kind: 'confirm' })
  expect(readPrompt('Confirm user presence for key', 'none')).toEqual({ kind: 'notice' })
})
