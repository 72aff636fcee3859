import ssh2 from 'ssh2'
import { expect, test } from 'vitest'
import { newDemoKey } from './demo-key.ts'

test('every key of the demo can be read, so that it starts each time', () => {
  // Of so many that are taken as they come, one is nearly always unreadable.
  for (let made = 0; made < 1_500; made++) {
    expect(ssh2.utils.parseKey(newDemoKey('demo').private)).not.toBeInstanceOf(Error)
  }
})
