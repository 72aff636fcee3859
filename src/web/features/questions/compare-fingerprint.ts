/** Whether what somebody pasted is the fingerprint shown; null while nothing is pasted. */
export function compareFingerprint(
  pasted: string,
  fingerprint: string,
): 'identical' | 'different' | null {
  const text = pasted.trim()
  if (text === '') return null
  // People paste the whole line of ssh-keygen: "256 SHA256:… root@host (ED25519)".
  const found = /SHA256:[A-Za-z0-9+/]{43}/.exec(text)?.[0] ?? `SHA256:${text.replace(/=+$/, '')}`
  return found === fingerprint ? 'identical' : 'different'
}
