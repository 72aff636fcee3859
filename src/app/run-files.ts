/** Whole runs of an engine as files, loaded when somebody asks for one. */
import type { RunFiles, RunFilesParts } from '../core/run-files/run-files.ts'
import { AppError } from '../shared/errors.ts'
import type { Run } from '../shared/run.ts'

export function lazyRunFiles(parts: Omit<RunFilesParts, 'parseRun'>): RunFiles {
  const open = async (): Promise<RunFiles> => {
    const [{ createRunFiles }, { runSchema }] = await Promise.all([
      import('../core/run-files/run-files.ts'),
      import('../http/openapi/schemas.ts'),
    ])
    const parseRun = (value: unknown): Run => {
      const found = runSchema.safeParse(value)
      if (found.success) return found.data
      const [issue] = found.error.issues
      const where = issue?.path.map(String).join('.') ?? ''
      throw new AppError('bad-request', `holds no run: ${where} ${issue?.message ?? 'is wrong'}`)
    }
    return createRunFiles({ ...parts, parseRun })
  }
  return {
    write: async function* (id) {
      yield* (await open()).write(id)
    },
    read: async (lines) => (await open()).read(lines),
  }
}
