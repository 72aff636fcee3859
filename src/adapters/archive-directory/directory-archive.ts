/**
 * The archive in a directory, which several nodes may share (NFS too): a directory per run, in it a
 * file per range, named `FROM-NEXT.fgar` and never changed. Nothing is locked: two nodes that store
 * the same range write the same lines under the same name, each by a rename.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Archive,
  type ArchivedRange,
  type PutRange,
  rangeOf,
} from '../../core/store/archive.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { RunId } from '../../shared/run.ts'
import { decodeChunk, encodeChunk } from './chunk-file.ts'

/** Makes the directory when it is not there. Rejects with a sentence when it cannot be used. */
export async function openDirectoryArchive(directory: string): Promise<Archive> {
  const archive = new DirectoryArchive(directory)
  await archive.prepare()
  return archive
}

class DirectoryArchive implements Archive {
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  /** The mark tells an archive from the empty directory that an unmounted disk leaves. */
  async prepare(): Promise<void> {
    await this.#try(async () => {
      await mkdir(this.#root, { recursive: true, mode: 0o700 })
      const names = await readdir(this.#root)
      if (names.length > 0 && !names.includes(markName)) {
        throw new AppError(
          'store-failed',
          `The directory ${this.#root} holds files, but is no archive of Farglass.`,
          { hint: 'Give --archive a new directory, or the one that was used before.' },
        )
      }
      await writeFile(join(this.#root, markName), markText)
    })
  }

  put(run: RunId, groups: readonly PlacedGroup[]): Promise<PutRange> {
    return this.#try(async () => {
      await this.#requireMark()
      const directory = join(this.#root, run)
      if ((await mkdir(directory, { recursive: true, mode: 0o700 })) !== undefined) {
        await syncDirectory(this.#root)
      }
      const range = rangeOf(groups)
      const content = await encodeChunk(run, groups)
      await writeDurably(directory, nameOf(range), content)
      await removeLeftovers(directory)
      return { ...range, bytes: content.length }
    })
  }

  ranges(run: RunId): Promise<readonly ArchivedRange[]> {
    return this.#try(async () => {
      const names = await readdir(join(this.#root, run)).catch(absent)
      if (names === undefined) await this.#requireMark()
      return (names ?? []).flatMap(parseName).toSorted((a, b) => a.from - b.from || a.next - b.next)
    })
  }

  load(run: RunId, range: ArchivedRange): Promise<readonly PlacedGroup[] | undefined> {
    return this.#try(async () => {
      const file = await readFile(join(this.#root, run, nameOf(range))).catch(absent)
      if (file !== undefined) return decodeChunk(run, range, file)
      await this.#requireMark()
      return undefined
    })
  }

  remove(run: RunId): Promise<void> {
    return this.#try(async () => {
      await rm(join(this.#root, run), { recursive: true, force: true })
    })
  }

  /** What is missing is only gone when the rest is there. */
  async #requireMark(): Promise<void> {
    if ((await stat(join(this.#root, markName)).catch(absent)) !== undefined) return
    throw new AppError('store-busy', `The archive ${this.#root} is away.`, { hint: lookAtIt })
  }

  async #try<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action()
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      const isFull = fullCodes.includes(codeOf(thrown))
      const message = isFull
        ? `The disk of the archive ${this.#root} is full.`
        : `The archive ${this.#root} cannot be used: ${why}.`
      const hint = isFull ? 'Make room there; nothing is lost meanwhile.' : lookAtIt
      throw new AppError(isFull ? 'disk-full' : 'store-busy', message, { cause: thrown, hint })
    }
  }
}

const markName = 'farglass-archive'
const markText = 'Lines that Farglass has moved out of Redis. Do not remove this file.\n'
const lookAtIt = 'Mount it, or give this user the right to write there.'
const fullCodes: readonly string[] = ['ENOSPC', 'EDQUOT']
const temporary = '.new-'

function nameOf({ from, next }: ArchivedRange): string {
  return `${from}-${next}.fgar`
}

function parseName(name: string): ArchivedRange[] {
  const [, from, next] = /^(\d{1,16})-(\d{1,16})\.fgar$/.exec(name) ?? []
  const range = { from: Number(from), next: Number(next) }
  return range.from < range.next ? [range] : []
}

/** The name is there with all of its content, or not at all, whenever the power goes. */
async function writeDurably(directory: string, name: string, content: Uint8Array): Promise<void> {
  const path = join(directory, `${temporary}${randomUUID()}`)
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(path, join(directory, name))
  } catch (thrown) {
    await rm(path, { force: true }).catch(() => {})
    throw thrown
  }
  await syncDirectory(directory)
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** Of nodes that died while they wrote; what is young may be under way. */
async function removeLeftovers(directory: string): Promise<void> {
  const now = (await stat(directory)).mtimeMs
  for (const name of await readdir(directory)) {
    if (!name.startsWith(temporary)) continue
    const found = await stat(join(directory, name)).catch(absent)
    if (found === undefined || now - found.mtimeMs < limits.archiveLeftoverMs) continue
    await rm(join(directory, name), { force: true })
  }
}

function absent(thrown: unknown): undefined {
  if (codeOf(thrown) !== 'ENOENT') throw thrown
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
}
