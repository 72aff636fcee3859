/** `prompt`: asks without a newline, waits for an answer, and goes on without one. */
import { createInterface } from 'node:readline'
import type { Program, Stage } from './program.ts'

export const prompt: Program = {
  summary: 'asks a question and waits up to COUNT (5) seconds',
  run: async (stage) => {
    await stage.out('Checking table orders … 3 indexes would be rebuilt.\n')
    await stage.out('Continue? [y/N] ')
    const answer = await answerOf(stage)
    if (answer === null) await stage.out('(no answer)\nNothing was changed.\n')
    else await stage.out(`You said "${answer}".\n`)
  },
}

/** A plain run has no stdin: its end is no answer, and the question stays up for its time. */
async function answerOf(stage: Stage): Promise<string | null> {
  const lines = createInterface({ input: process.stdin })
  let answer: string | null = null
  const answered = new Promise<void>((resolve) => {
    lines.once('line', (line) => {
      answer = line
      resolve()
    })
  })
  await Promise.race([answered, stage.pause((stage.count ?? 5) * 1_000)])
  lines.close()
  process.stdin.destroy()
  return answer
}
