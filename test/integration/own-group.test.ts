import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { inOwnGroup } from '../../src/core/remote/own-group.ts'

const script = `{ exec 3<&0
echo ready _FG
read -r said <&3
read -r _ _ _ _ group _ </proc/$$/stat
[ "$group" = "$$" ] && echo "own $said $#"
exit 7
}
`
const shells = [['dash'], ['bash'], ['busybox', 'sh'], ['mksh'], ['zsh', '--emulate', 'sh']]

describe.each(shells.map((shell) => ({ shell, name: shell.join(' ') })))(
  'a script for $name',
  ({ shell: [file = '', ...words] }) => {
    test.each([true, false])(
      'has a process group of its own, and its stdin; the host gives it one: %s',
      async (isGiven) => {
        const child = spawn(file, [...words, '-s'], { detached: isGiven })
        let out = ''
        child.stdout.on('data', (bytes: Buffer) => {
          out += bytes.toString()
          // Not in one piece with the script: a shell may read ahead.
          if (out === 'ready _FG\n') child.stdin.write('later\n')
        })
        child.stdin.write(inOwnGroup(script))
        const [code] = await once(child, 'close')
        expect([code, out]).toEqual([7, 'ready _FG\nown later 0\n'])
      },
    )
  },
)
