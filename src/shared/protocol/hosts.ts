/** Hosts as they are on the wire (docs/protocol.md). */
import type { RunId } from '../run.ts'

/** A host that ssh_config names, or on which something has run. */
export interface HostEntry {
  readonly name: string
  /** Where ssh_config names it; null for one that it does not name. */
  readonly config: ConfigPlace | null
  /** The newest run on it, among the newest runs that were looked at. */
  readonly lastRun: { readonly id: RunId; readonly createdAt: string } | null
}

export interface ConfigPlace {
  readonly file: string
  readonly line: number
}

/** Answer of `GET /api/v1/hosts`. */
export interface HostList {
  readonly hosts: readonly HostEntry[]
  /** So many of the newest runs were looked at for hosts. */
  readonly runs: number
}

/** What ssh makes of a host, by `ssh -G`. */
export interface SshSettings {
  readonly hostName: string
  readonly port: number
  readonly user: string
  readonly proxyJump: string | null
  readonly proxyCommand: string | null
  readonly identityFiles: readonly string[]
  readonly certificateFiles: readonly string[]
}

/** Answer of `GET /api/v1/hosts/{name}`. */
export interface HostDetails extends HostEntry {
  /** Null when ssh cannot say: connecting then fails with its own words. */
  readonly ssh: SshSettings | null
}

export const checkSteps = ['resolve', 'connect', 'sign-in', 'probe'] as const

/** One part of the way to a host, in the order in which they are gone. */
export interface CheckStep {
  readonly step: (typeof checkSteps)[number]
  readonly ok: boolean
  readonly ms: number
  /** What was found, or what went wrong. Parts of it may be texts of the host. */
  readonly text: string
  /** What to do about it; null where there is nothing to do. */
  readonly hint: string | null
}

/** Answer of `POST /api/v1/hosts/{name}/check`: the steps up to the first that failed. */
export interface HostCheck {
  readonly name: string
  readonly ok: boolean
  /** Whether it can hold durable runs; null when that is not known. */
  readonly durable: boolean | null
  readonly steps: readonly CheckStep[]
}
