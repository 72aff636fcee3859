/** What is stored of alerts: the rules, what became of each, how far each run is judged, and firings that are not told yet. */
import { automationLimits } from '../../shared/automation-limits.ts'
import type { Delivery, FiringNote } from '../../shared/protocol/alerts.ts'
import { type RecordType, removedBy } from '../store/typed-records.ts'
import type { AlertRule } from './alert-rule.ts'
import type { Firing } from './firing.ts'
import type { FiringLog } from './firing-log.ts'
import type { MatchState } from './match-state.ts'

/** What became of an alert, over all runs and nodes. */
export interface AlertTrace {
  /** The newest event for which it has fired, and until when it is silent after that. */
  readonly last: string | null
  readonly quietUntil: number
  readonly fired: number
  readonly held: number
  readonly skipped: number
  readonly firings: readonly FiringNote[]
  readonly deliveries: readonly Delivery[]
}

/** How far a run is judged. */
export interface RunProgress {
  /** Node that judges it. */
  readonly owner: string
  readonly cursor: number
  /** By the name of the alert; those in which something is counted. */
  readonly states: Readonly<Record<string, RuleProgress>>
}

export interface RuleProgress extends MatchState {
  /** `since` of the rule: of a rule that was changed the rest is void. */
  readonly since: number
  /** Positions of the newest matches. */
  readonly places: readonly number[]
  /** Lines that were passed over since it last fired. */
  readonly skipped: number
}

/** A firing that is not told yet. */
export interface OpenFiring {
  readonly owner: string
  readonly firing: Firing
  /** Ids of webhooks that are through with it. */
  readonly done: readonly string[]
}

/** Its name and version are those of the record. */
export type StoredAlert = Omit<AlertRule, 'name' | 'version'>

export const alertType: RecordType<StoredAlert> = {
  kind: 'alert',
  noun: 'alert',
  countMax: automationLimits.alertsMax,
  remedy: removedBy('alerts'),
  schema: async () => (await schemas()).storedAlertSchema,
}

/** By the name of the alert. */
export const traceType: RecordType<AlertTrace> = {
  kind: 'alert-trace',
  noun: 'history of the alert',
  schema: async () => (await schemas()).alertTraceSchema,
}

/** By the id of the run. */
export const progressType: RecordType<RunProgress> = {
  kind: 'alert-run',
  noun: 'progress of the run',
  schema: async () => (await schemas()).runProgressSchema,
}

/** By the id of the firing. */
export const firingType: RecordType<OpenFiring> = {
  kind: 'alert-firing',
  noun: 'firing',
  schema: async () => (await schemas()).openFiringSchema,
}

/** One document for all alerts, runs and nodes. */
export const firingLogType: RecordType<FiringLog> = {
  kind: 'alert-firings',
  noun: 'list of firings',
  schema: async () => (await schemas()).firingLogSchema,
}

const schemas = () => import('../../shared/stored/alert-records.ts')
