/** Looks for regular expressions where it can be ended: on the page one could stand still for ever. */
import { createTextTest } from '../../../shared/line-test.ts'
import { hitPlaces } from './hit-places.ts'
import type { AskedQuestion, PatternQuestion } from './pattern-question.ts'

addEventListener('message', ({ data }: MessageEvent<AskedQuestion>) => {
  postMessage({ id: data.id, answer: answerTo(data.question) })
})
postMessage({ id: 0 })

function answerTo(question: PatternQuestion): unknown {
  switch (question.kind) {
    case 'places':
      return hitPlaces(question.pattern, question.texts)
    case 'lines': {
      const isWanted = createTextTest(question.rules)
      return question.texts.map((text) => isWanted === null || isWanted(text))
    }
  }
}
