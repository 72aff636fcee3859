/** What is stored of retention: settings, each under a name of its own. */
import type { RetentionPolicy } from '../../shared/retention.ts'
import type { RecordType } from '../store/typed-records.ts'

export const policyName = 'retention'

export const policyType: RecordType<RetentionPolicy> = {
  kind: 'setting',
  noun: 'setting',
  remedy: () => 'Replace it with "farglass retention set --anew" and every bound that is to count',
  schema: async () => (await schemas()).storedPolicySchema,
}

export const turnName = 'retention-turn'

/** When a node has looked last. */
export const turnType: RecordType<number> = {
  kind: 'setting',
  noun: 'setting',
  schema: async () => (await schemas()).storedTurnSchema,
}

const schemas = () => import('../../shared/stored/retention-records.ts')
