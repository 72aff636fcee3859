import { describe, expect, it } from 'vitest'
import { followTrial } from '../support/follow-trial.ts'
import { localHost } from '../support/local-host.ts'
import { seedOfProcess } from '../support/seeded-random.ts'
import { tellFigure } from '../support/tell-figure.ts'

describe('following a file that is rotated at random, over a connection that is cut at random', () => {
  it.each([['dash'], ['busybox sh']])('loses no line and doubles none (%s)', async (shell) => {
    await using host = localHost(shell.split(' '))
    const options = { host, seed: seedOfProcess(), seconds: 4, linesPerSecond: 2_000 }
    const { story, lost, duplicated, strange, gaps } = await followTrial(options)
    const isExact = lost + duplicated + strange + gaps === 0
    if (!isExact) tellFigure(story)
    expect({ lost, duplicated, strange, gaps }).toEqual({
      lost: 0,
      duplicated: 0,
      strange: 0,
      gaps: 0,
    })
  })
})
