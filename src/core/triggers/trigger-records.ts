/** What is stored of triggers. */
import { automationLimits } from '../../shared/automation-limits.ts'
import type { TriggerRequest } from '../../shared/protocol/triggers.ts'
import { type RecordType, removedBy } from '../store/typed-records.ts'

export interface StoredTrigger extends Omit<TriggerRequest, 'secret'> {
  /** Its key, sealed. */
  readonly sealed: string
}

export const triggerType: RecordType<StoredTrigger> = {
  kind: 'trigger',
  noun: 'trigger',
  countMax: automationLimits.triggersMax,
  remedy: removedBy('triggers'),
  schema: async () => (await import('../../shared/stored/trigger-records.ts')).storedTriggerSchema,
}
