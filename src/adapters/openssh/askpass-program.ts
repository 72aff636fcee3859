/** The program that ssh starts when it has a question. It only carries question and answer. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Names of the variables by which the program learns where to ask. */
export const askpassVariables = {
  socket: 'FARGLASS_ASKPASS_SOCKET',
  nonce: 'FARGLASS_ASKPASS_NONCE',
} as const

/** Writes the program into `directory` (0700) and gives its path, for SSH_ASKPASS. */
export async function writeAskpassProgram(directory: string): Promise<string> {
  const script = join(directory, 'askpass.mjs')
  const program = join(directory, 'askpass')
  await writeFile(script, source, { mode: 0o600 })
  // ssh runs a path without arguments; a shebang could not hold every path of Node.
  const launcher = `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(script)} "$1"\n`
  await writeFile(program, launcher, { mode: 0o700 })
  return program
}

/**
 * The parent is told so that a question of our own ssh and one of a jump host's ssh (a child of it)
 * can be told apart. No answer means exit 1, which ssh takes as "no".
 */
const source = `import { connect } from 'node:net'
const socket = connect(process.env.${askpassVariables.socket})
const nonce = process.env.${askpassVariables.nonce}
const hint = process.env.SSH_ASKPASS_PROMPT ?? ''
let answer = ''
socket.setEncoding('utf8')
socket.on('error', () => process.exit(1))
socket.on('data', (text) => { answer += text })
socket.on('end', () => {
  if (!answer.endsWith('\\n')) process.exit(1)
  process.stdout.write(answer, () => process.exit(0))
})
socket.write(JSON.stringify({ nonce, hint, parent: process.ppid, prompt: process.argv[2] }) + '\\n')
`

function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`
}
