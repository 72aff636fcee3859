/** `progress`: a bar that redraws its row with carriage returns. */
import type { Program } from './program.ts'

export const progress: Program = {
  summary: 'a progress bar for COUNT (4) layers',
  run: async (stage) => {
    const { random } = stage
    for (let layer = 1; layer <= (stage.count ?? 4); layer += 1) {
      const name = random.hex(12)
      const megabytes = random.int(8, 180)
      let done = 0
      while (done < 100) {
        done = Math.min(100, done + random.int(1, 6))
        const bar = `${'█'.repeat(Math.round(done / 4))}${'░'.repeat(25 - Math.round(done / 4))}`
        const size = `${((megabytes * done) / 100).toFixed(1)}/${megabytes} MB`
        await stage.out(`\r${name} ${bar} ${String(done).padStart(3)}% ${size}`)
        await stage.pause(random.int(20, 120))
      }
      await stage.out('\n')
    }
    await stage.out('All layers are complete.\n')
  },
}
