/** Seals a text for one receiver: whoever carries it, Redis among them, can neither read nor change it. */
import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'

/** The receiver's half. It lives as long as its process, and is never written down. */
export class SealedBoxKey {
  readonly #pair = generateKeyPairSync('x25519')

  /** For senders, base64url. */
  get publicText(): string {
    return textOfKey(this.#pair.publicKey)
  }

  /** Throws when it was sealed for another one or in another context, or was changed. */
  open(sealed: string, context: string): string {
    const bytes = Buffer.from(sealed, 'base64url')
    const sender = bytes.subarray(0, keyBytes)
    const iv = bytes.subarray(keyBytes, keyBytes + ivBytes)
    const tag = bytes.subarray(keyBytes + ivBytes, keyBytes + ivBytes + tagBytes)
    const secret = diffieHellman({
      privateKey: this.#pair.privateKey,
      publicKey: keyOfText(sender.toString('base64url')),
    })
    const key = sharedKey(secret, sender, this.publicText)
    const decipher = createDecipheriv(cipherName, key, iv, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(context)).setAuthTag(tag)
    const text = decipher.update(bytes.subarray(keyBytes + ivBytes + tagBytes))
    return Buffer.concat([text, decipher.final()]).toString()
  }
}

/** `context` is not hidden, but the box opens with the same one only. */
export function seal(text: string, receiver: string, context: string): string {
  const { publicKey, privateKey } = generateKeyPairSync('x25519')
  const secret = diffieHellman({ privateKey, publicKey: keyOfText(receiver) })
  const sender = Buffer.from(textOfKey(publicKey), 'base64url')
  const iv = randomBytes(ivBytes)
  const key = sharedKey(secret, sender, receiver)
  const cipher = createCipheriv(cipherName, key, iv, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.from(context))
  const hidden = Buffer.concat([cipher.update(text), cipher.final()])
  return Buffer.concat([sender, iv, cipher.getAuthTag(), hidden]).toString('base64url')
}

const cipherName = 'aes-256-gcm'
const keyBytes = 32
const ivBytes = 12
const tagBytes = 16

function sharedKey(secret: Buffer, sender: Uint8Array, receiver: string): Buffer {
  const salt = Buffer.concat([sender, Buffer.from(receiver, 'base64url')])
  return Buffer.from(hkdfSync('sha256', secret, salt, 'farglass sealed box', 32))
}

function textOfKey(key: KeyObject): string {
  const { x } = key.export({ format: 'jwk' })
  if (x === undefined) throw new Error('The key is none of X25519.')
  return x
}

function keyOfText(x: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' })
}
