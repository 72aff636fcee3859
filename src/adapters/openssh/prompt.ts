/** Reads what ssh asks its askpass program for. The texts are those of OpenSSH 8.4 and later. */
import type { AskedQuestion } from '../../core/remote/remote-host.ts'
import { hostText } from './host-text.ts'

export type Prompt =
  | { readonly kind: 'host-key'; readonly question: HostKeyQuestion }
  /** ssh did not take the answer to the host-key question and asks for another one. */
  | { readonly kind: 'host-key-again' }
  | { readonly kind: 'secret'; readonly ask: SecretKind; readonly prompt: string }
  /** Not for a person: a confirmation that Farglass never gives, or a hint to touch a device. */
  | { readonly kind: 'confirm' | 'notice' }

export type HostKeyQuestion = Extract<AskedQuestion, { kind: 'host-key' }> & {
  /** known_hosts holds keys of other types for this host, so this may be another machine. */
  readonly otherTypesKnown: boolean
}

type SecretKind = Extract<AskedQuestion, { kind: 'secret' }>['ask']

/** `hint` is what ssh puts into SSH_ASKPASS_PROMPT: `confirm`, `none`, or nothing. */
export function readPrompt(text: string, hint: string): Prompt {
  if (hint === 'confirm') return { kind: 'confirm' }
  if (hint === 'none') return { kind: 'notice' }
  // The texts up to here are ssh's own; a host's prompt always starts with "(user@host) ".
  const hostKey = readHostKey(text)
  if (hostKey !== null) return { kind: 'host-key', question: hostKey }
  if (text.startsWith("Please type 'yes', 'no'")) return { kind: 'host-key-again' }
  return { kind: 'secret', ask: secretKind(text), prompt: hostText(text) }
}

/** A host asks for the password of the account, by whichever method. */
export function wantsPassword(prompt: Extract<Prompt, { kind: 'secret' }>): boolean {
  if (prompt.ask === 'password') return true
  return prompt.ask === 'keyboard-interactive' && /pass(word|code|phrase)?\b/i.test(prompt.prompt)
}

function secretKind(text: string): SecretKind {
  if (/^Enter (passphrase|PIN) for /.test(text)) return 'passphrase'
  if (/^[^(].*'s (old |new )?password: $/.test(text)) return 'password'
  return 'keyboard-interactive'
}

/** `name (address)`; a host that is given by its address is named twice by ssh. */
function readPlace(named: string): Pick<HostKeyQuestion, 'host' | 'address'> {
  const [, name = named, address = name] = /^(.*) \((.*)\)$/.exec(named) ?? []
  return { host: hostText(name), address: address === name ? null : hostText(address) }
}

function readHostKey(text: string): HostKeyQuestion | null {
  const head = /^The authenticity of host '(.*)' can't be established([.,])\n/.exec(text)
  const key = /^([A-Z0-9-]+) key fingerprint is (SHA256:[A-Za-z0-9+/=]+)\.?$/m.exec(text)
  const [, named, stop] = head ?? []
  const [, keyType, fingerprint] = key ?? []
  if (named === undefined || keyType === undefined || fingerprint === undefined) return null
  return {
    kind: 'host-key',
    ...readPlace(named),
    keyType,
    fingerprint,
    otherTypesKnown: stop === ',',
  }
}
