/** Keys of the demo: of its hosts, and of the client that may log in there. */
import ssh2 from 'ssh2'

export interface DemoKey {
  /** In OpenSSH's form. */
  readonly private: string
  readonly public: string
}

/** ssh2 1.17 writes some four in a thousand so that nobody can read them, itself included: then another one is made. */
export function newDemoKey(comment: string): DemoKey {
  for (;;) {
    const key = ssh2.utils.generateKeyPairSync('ed25519', { comment })
    if (!(ssh2.utils.parseKey(key.private) instanceof Error)) return key
  }
}
