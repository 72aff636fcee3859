/** A file of hosts that is read anew when it has changed. */
import { readFile, stat } from 'node:fs/promises'
import type { HostInventory, KnownHosts } from '../../core/inventory/inventory.ts'
import { AppError, toAppError } from '../../shared/errors.ts'

export interface InventoryFileOptions {
  readonly path: string
  /** A file that nobody has named may be missing. */
  readonly isOptional: boolean
}

/**
 * While the file is wrong its last right state is used, with a complaint; `read` rejects with
 * `inventory-invalid` when there is none.
 */
export function createInventoryFile({ path, isOptional }: InventoryFileOptions): HostInventory {
  let seen = ''
  let right: KnownHosts | undefined
  let wrong: AppError | undefined
  return {
    read: async () => {
      try {
        const stamp = await stampOf(path, isOptional)
        if (stamp !== seen) {
          right = stamp === missing ? nothing : await parseFile(path)
          wrong = undefined
          seen = stamp
        }
      } catch (thrown) {
        wrong = asFault(path, thrown)
        if (right === undefined) throw wrong
      }
      if (right === undefined) return nothing
      return wrong === undefined ? right : { ...right, complaints: [complaintOf(wrong)] }
    },
  }
}

const missing = 'missing'
const nothing: KnownHosts = { hosts: [], groups: [], complaints: [] }

/** Loaded when there is a file: most have none. */
async function parseFile(path: string): Promise<KnownHosts> {
  const { parseInventory } = await import('./parse-inventory.ts')
  return parseInventory(await readFile(path, 'utf8'), path)
}

/** Another one when the file has been written or replaced. */
async function stampOf(path: string, isOptional: boolean): Promise<string> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path)
    return [ino, size, mtimeMs, ctimeMs].join()
  } catch (thrown) {
    const isMissing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
    if (isMissing && isOptional) return missing
    throw thrown
  }
}

function asFault(path: string, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const why = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  if (why === '') return toAppError(thrown)
  return new AppError('inventory-invalid', `The inventory file ${path} cannot be read (${why}).`, {
    cause: thrown,
    hint: 'Check its name and its rights.',
  })
}

function complaintOf({ message }: AppError): string {
  return `${message} Until it is corrected, what it said before is used.`
}
