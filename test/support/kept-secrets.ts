/** Keeps secrets of runs in a store of the tests, sealed with a key of this process. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { createSecretBox } from '../../src/adapters/system/secret-box.ts'
import { KeptSecrets } from '../../src/core/secrets/kept-secrets.ts'
import type { SecretBox } from '../../src/core/secrets/secret-box.ts'
import type { RecordStore } from '../../src/core/store/record-store.ts'

const directory = mkdtempSync(join(tmpdir(), 'fg-key-'))
process.on('exit', () => rmSync(directory, { recursive: true, force: true }))

/** Boxes with the same name of a key open what each other have sealed. */
function testSecretBox(key = 'secret.key'): SecretBox {
  return createSecretBox({ file: join(directory, key), origin: 'default' })
}

export function testKeptSecrets(records: RecordStore, key?: string): KeptSecrets {
  return new KeptSecrets({ records, box: testSecretBox(key), clock: systemClock })
}
