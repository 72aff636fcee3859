/** What routes are made of: the typed Fastify instance and the parts they share. */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Alerts } from '../core/alerts/alerts.ts'
import type { Clock } from '../core/clock.ts'
import type { RunGroups } from '../core/groups/run-groups.ts'
import type { HostBook } from '../core/hosts/host-book.ts'
import type { Metrics } from '../core/metrics/metrics.ts'
import type { Retention } from '../core/retention/retention.ts'
import type { RunFiles } from '../core/run-files/run-files.ts'
import type { RunService } from '../core/runs/run-service.ts'
import type { SavedCommands } from '../core/saved-commands/saved-commands.ts'
import type { Schedules } from '../core/schedules/schedules.ts'
import type { Search } from '../core/search/search.ts'
import type { KeyRotation } from '../core/secrets/key-rotation.ts'
import type { Triggers } from '../core/triggers/triggers.ts'
import type { Actor, Authentication } from './auth/authentication.ts'
import type { FirstStart } from './auth/first-start.ts'
import type { Tries } from './auth/tries.ts'
import type { Access } from './guard.ts'
import type { Viewers } from './sse/viewers.ts'
import type { Site } from './static/site.ts'

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** What Farglass does by itself. */
export interface Automation {
  readonly alerts: Alerts
  readonly schedules: Schedules
  readonly triggers: Triggers
}

export interface Parts {
  readonly service: RunService
  readonly search: Search
  readonly hosts: HostBook
  readonly commands: SavedCommands
  readonly retention: Retention
  readonly runFiles: RunFiles
  readonly keyRotation: KeyRotation
  readonly groups: RunGroups
  readonly auth: Authentication
  readonly firstStart: FirstStart
  readonly tries: Tries
  readonly triggerTries: Tries
  readonly clock: Clock
  readonly viewers: Viewers
  readonly metrics: Metrics
  readonly site: Site
  readonly automation: Automation
  readonly version: string
}

/** A file of `routes/` registers one route, or a few that belong together. */
export type Route = (app: App, parts: Parts) => void

export type { FastifyReply, FastifyRequest }

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard before any handler runs. */
    actor: Actor
    /** Of a page: the API would let this very request read. */
    mayRead: boolean
  }
  interface FastifyContextConfig {
    /** What the route is for; the server does not start with a route that does not say. */
    readonly access?: Access
  }
}

/** The session a stream ends with, when the actor came with one. */
export function sessionOf(request: FastifyRequest): string | null {
  return request.actor.kind === 'session' ? request.actor.digest : null
}
