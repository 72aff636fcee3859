import { describe, expect, it } from 'vitest'
import { aptLine, missingPackages } from './system-packages.ts'

describe('the Debian packages of the tests', () => {
  it('names what is missing, in one line that installs it', () => {
    const missing = missingPackages([
      { name: 'coreutils', needs: ['ls'] },
      { name: 'far-package', needs: ['ls', 'no-such-command-here'] },
      { name: 'far-fonts', needs: ['/no/such/font.ttc'] },
    ])
    expect(missing).toEqual(['far-package', 'far-fonts'])
    expect(aptLine(missing)).toBe(
      'sudo apt-get update && sudo apt-get install --no-install-recommends far-package far-fonts',
    )
  })
})
