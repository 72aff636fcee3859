/** Whole runs out of the store as files, and back into it. */
import { AppError, toAppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { PlacedGroup } from '../../shared/line-group.ts'
import type { Run, RunId } from '../../shared/run.ts'
import { endLine, groupLine, parseRunLine, runLine } from '../../shared/run-file.ts'
import type { LogStore } from '../store/log-store.ts'
import type { RunCatalog } from '../store/run-catalog.ts'
import { RunImport } from './run-import.ts'

export interface RunFiles {
  /**
   * A run that has ended, as the lines of its file. Rejects with `not-found`, and with `conflict`
   * when it has not ended or its lines change meanwhile.
   */
  write(id: RunId): AsyncIterable<string>
  /**
   * Brings a run back as it was: same id, positions, times and bytes. It is pinned, as it may be
   * older than retention keeps. Rejects with `bad-request` and the number of the first line that is
   * wrong, and with `conflict` when the run is there; then nothing of the file stays.
   */
  read(lines: AsyncIterable<string>): Promise<Run>
}

export interface RunFilesParts {
  readonly log: LogStore
  readonly catalog: RunCatalog
  /** Name of this process among those that share the store. */
  readonly own: string
  /** Throws when it is no run. */
  readonly parseRun: (value: unknown) => Run
}

export function createRunFiles(parts: RunFilesParts): RunFiles {
  return {
    write: (id) => write(id, parts),
    read: (lines) => read(lines, parts),
  }
}

async function* write(id: RunId, { log, catalog }: RunFilesParts): AsyncGenerator<string> {
  const run = await catalog.get(id)
  if (run === undefined) throw new AppError('not-found', `There is no run ${id}.`)
  if (run.state !== 'ended') {
    throw new AppError('conflict', `Run ${id} has not ended yet.`, {
      hint: 'Export it when it has ended, or in another format.',
    })
  }
  yield runLine(run)
  for (let next = run.first; next < run.next; ) {
    const groups = await log.read(id, next, limits.catchUpBytesMax)
    if (groups[0]?.pos !== next) {
      throw new AppError('conflict', `Lines of run ${id} were removed meanwhile.`)
    }
    for (const group of groups) {
      if (group.damaged === true) throw damaged(group)
      next = group.pos + group.count
    }
    yield groups.map(groupLine).join('')
  }
  yield endLine(run.next)
}

async function read(lines: AsyncIterable<string>, parts: RunFilesParts): Promise<Run> {
  let number = 1
  let underWay: RunImport | undefined
  try {
    for await (const line of lines) {
      const record = parseRunLine(line)
      if (record.kind === 'run' && underWay === undefined) {
        underWay = await RunImport.begin(parts.parseRun(record.run), parts)
      } else if (record.kind === 'group' && underWay !== undefined) {
        await underWay.add(record.group)
      } else if (record.kind === 'end' && underWay !== undefined) {
        return await underWay.end(record.next)
      } else throw new AppError('bad-request', 'is not where such a line can be')
      number += 1
    }
    throw new AppError('bad-request', 'is missing: the file was cut off before its end')
  } catch (thrown) {
    await underWay?.giveUp()
    throw named(toAppError(thrown), number)
  }
}

/** What is wrong with the file names its line; what is wrong with the store does not. */
function named(error: AppError, number: number): AppError {
  if (error.code !== 'bad-request') return error
  return new AppError('bad-request', `Line ${number} ${error.message}.`, {
    hint: 'Give a file that "farglass export --format run" has written.',
  })
}

function damaged({ pos, count }: PlacedGroup): AppError {
  const what = `The stored lines ${pos} to ${pos + count - 1} are damaged on the disk of Farglass.`
  return new AppError('store-failed', what)
}
