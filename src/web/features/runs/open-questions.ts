/** The questions of a run that wait for a person, in the order of its tasks. */
import type { Question } from '../../../shared/question.ts'
import type { Run } from '../../../shared/run.ts'

export interface OpenQuestion {
  readonly task: number
  readonly host: string
  readonly question: Question
}

export function openQuestions(run: Run | null): readonly OpenQuestion[] {
  const found: OpenQuestion[] = []
  for (const { id, host, question } of run?.tasks ?? []) {
    if (question !== null) found.push({ task: id, host, question })
  }
  return found
}
