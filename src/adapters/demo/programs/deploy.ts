/** `deploy`: the steps of a rollout, with warnings on stderr in between. Ends with an exit code. */
import type { Program } from './program.ts'

export const deploy: Program = {
  summary: 'a rollout with warnings on stderr; ends with exit code 0, or 3 with COUNT 13',
  run: async (stage) => {
    const { random } = stage
    const version = `2.${random.int(1, 30)}.${random.int(0, 9)}`
    await stage.out(`==> Deploying shop ${version}\n`)
    for (const [index, step] of steps.entries()) {
      await stage.out(`[${index + 1}/${steps.length}] ${step}\n`)
      await stage.pause(random.int(200, 900))
      if (random.chance(0.5)) await stage.err(`warning: ${random.pick(warnings)}\n`)
    }
    if (stage.count === 13) {
      await stage.err('error: health check failed on 1 of 3 instances, rolled back\n')
      process.exitCode = 3
      return
    }
    await stage.out(`==> shop ${version} is live\n`)
  },
}

const steps = [
  'Pulling image registry.example/shop',
  'Checking migrations',
  'Draining old instances',
  'Starting 3 instances',
  'Waiting for health checks',
  'Removing old instances',
]
const warnings = [
  'option "legacy_sessions" is deprecated',
  'clock of the registry is 4 s ahead',
  'image has no provenance',
] as const
