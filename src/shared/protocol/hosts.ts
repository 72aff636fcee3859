/** Hosts as they are on the wire (docs/protocol.md). */
import type { ErrorCode } from '../errors.ts'
import type { RunId } from '../run.ts'

/** A host of the inventory, or one on which something has run. */
export interface HostEntry {
  readonly name: string
  /** Where ssh_config names it; null for one that it does not name. */
  readonly config: ConfigPlace | null
  /** All places that it is known from; none for one on which something has run only. */
  readonly sources: readonly HostSource[]
  /** Where ssh goes; null for the name itself. */
  readonly destination: string | null
  readonly groups: readonly string[]
  /** As `env:prod`. */
  readonly tags: readonly string[]
  readonly note: string | null
  /** What the last check has found; null before the first. */
  readonly check: KeptCheck | null
  /** The newest run on it, among the newest runs that were looked at. */
  readonly lastRun: { readonly id: RunId; readonly createdAt: string } | null
}

export interface ConfigPlace {
  readonly file: string
  readonly line: number
}

export type HostSource =
  | ({ readonly kind: 'ssh-config' | 'file' } & ConfigPlace)
  /** By page, command line or API. */
  | { readonly kind: 'added' }

/** Answer of `GET /api/v1/hosts`. */
export interface HostList {
  readonly hosts: readonly HostEntry[]
  /** So many of the newest runs were looked at for hosts. */
  readonly runs: number
  /** What is wrong with the inventory file; then its last right state is used. */
  readonly complaints: readonly string[]
}

/** A group of the inventory, with the members of the groups within it. */
export interface HostGroup {
  readonly name: string
  readonly hosts: readonly string[]
  /** Whether people are asked once more before something runs on it. */
  readonly confirm: boolean
}

/** Answer of `GET /api/v1/groups`. */
export interface HostGroups {
  readonly groups: readonly HostGroup[]
}

/** Answer of `GET /api/v1/targets`: what an expression names, before anything runs on it. */
export interface TargetPreview {
  readonly hosts: readonly string[]
  readonly count: number
  /** The same, written short: `web-[1-38]`. */
  readonly folded: string
  /** Groups among its hosts before which people are asked once more; often none. */
  readonly confirm: readonly string[]
  /** Why it names no hosts; without it all is well. */
  readonly complaint?: { readonly message: string; readonly hint: string }
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
  /** Of what went wrong; null when nothing did. */
  readonly code: ErrorCode | null
}

/** What a check has found, as it is kept. What did not become known is null. */
export interface KeptCheck {
  readonly checkedAt: string
  /** No step has failed. */
  readonly ok: boolean
  /** Something answers there. */
  readonly reachable: boolean | null
  /** Its host key is the one that ssh knows. */
  readonly keyKnown: boolean | null
  /** The login was accepted without a person. */
  readonly signsIn: boolean | null
  /** Whether it can hold durable runs. */
  readonly durable: boolean | null
  /** Login shell of the user, as the host names it. */
  readonly shell: string | null
  /** How far its clock is ahead of ours; the way there is in it. */
  readonly clockOffsetMs: number | null
  /** What went wrong; null when nothing did. */
  readonly message: string | null
  /** Of the same. */
  readonly code: ErrorCode | null
}

/** Answer of `POST /api/v1/hosts/{name}/check`: the steps up to the first that failed. */
export interface HostCheck extends KeptCheck {
  readonly name: string
  readonly steps: readonly CheckStep[]
}
