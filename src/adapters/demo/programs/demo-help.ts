/** `demo-help`: lists the programs of a demo host. */
import type { Program } from './program.ts'

/** The list is asked for when it is printed, because this program is in it. */
export function demoHelp(programs: () => readonly (readonly [string, Program])[]): Program {
  return {
    summary: 'this list',
    run: async (stage) => {
      await stage.out('Programs of this demo host (any other command works too):\n')
      for (const [name, { summary }] of programs()) {
        await stage.out(`  ${name.padEnd(14)}${summary}\n`)
      }
      await stage.out(
        'Options: --rate LINES_PER_SECOND, --seed TEXT.\n' +
          'Logs that grow: log/access.log, log/app.log, log/journal.log (also as journalctl).\n',
      )
    },
  }
}
