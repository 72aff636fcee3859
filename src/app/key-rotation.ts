/** The keys of stored secrets of an engine: what they have sealed, and their turn; loaded when somebody asks for it. */
import { systemClock } from '../adapters/system/clock.ts'
import type { SecretKeyPlace } from '../adapters/system/secret-key.ts'
import type { KeyRotation } from '../core/secrets/key-rotation.ts'
import type { SecretBox } from '../core/secrets/secret-box.ts'
import type { RecordStore } from '../core/store/record-store.ts'

export interface KeyRotationPlaces {
  readonly records: RecordStore
  readonly box: SecretBox
  readonly place: SecretKeyPlace
}

export function lazyKeyRotation(places: KeyRotationPlaces): KeyRotation {
  let opened: Promise<KeyRotation> | undefined
  const loaded = (): Promise<KeyRotation> => (opened ??= open(places))
  return {
    report: async () => (await loaded()).report(),
    prepare: async () => (await loaded()).prepare(),
    rotate: async (forgetOld, signal) => (await loaded()).rotate(forgetOld, signal),
  }
}

async function open({ records, box, place }: KeyRotationPlaces): Promise<KeyRotation> {
  const [rotation, keys, alerts, runs, triggers] = await Promise.all([
    import('../core/secrets/key-rotation.ts'),
    import('../adapters/system/secret-key-turns.ts'),
    import('../core/alerts/sealed-webhooks.ts'),
    import('../core/secrets/kept-secrets.ts'),
    import('../core/triggers/triggers.ts'),
  ])
  return rotation.createKeyRotation({
    records,
    box,
    keys: keys.createSecretKeys(place),
    kinds: [alerts.sealedWebhooks, triggers.sealedTriggers, runs.sealedRunSecrets],
    clock: systemClock,
  })
}
