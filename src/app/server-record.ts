/** The note that a running server leaves in its data directory, so that the command line finds it. */
import { readFileSync, rmSync } from 'node:fs'
import { isAlive, ownName } from '../adapters/system/process-identity.ts'
import { type DataDirectory, writePrivateFile } from './data-directory.ts'

export interface ServerRecord {
  /** Where it listens, `http://127.0.0.1:4770`. */
  readonly url: string
  readonly pid: number
  /** Name of the process, see process-identity.ts. */
  readonly owner: string
  /** ISO 8601 UTC. */
  readonly started: string
}

/** Says that this process serves the directory. */
export function writeServerRecord(directory: DataDirectory, url: string): void {
  const record: ServerRecord = {
    url,
    pid: process.pid,
    owner: ownName(),
    started: new Date().toISOString(),
  }
  writePrivateFile(directory.serverFile, `${JSON.stringify(record)}\n`)
}

/** Takes the note away, when it is our own. */
export function removeServerRecord(directory: DataDirectory): void {
  if (readRecord(directory)?.owner === ownName()) rmSync(directory.serverFile, { force: true })
}

/**
 * The server that runs on the directory, or undefined. A note whose process is gone is not
 * believed: somebody else may listen on its port now, and would be sent our token.
 */
export function findServer(directory: DataDirectory): ServerRecord | undefined {
  const record = readRecord(directory)
  return record !== undefined && isAlive(record.owner) ? record : undefined
}

function readRecord(directory: DataDirectory): ServerRecord | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(directory.serverFile, 'utf8'))
    return isRecord(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is ServerRecord {
  if (typeof value !== 'object' || value === null) return false
  return (
    'url' in value &&
    typeof value.url === 'string' &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'owner' in value &&
    typeof value.owner === 'string' &&
    'started' in value &&
    typeof value.started === 'string'
  )
}
