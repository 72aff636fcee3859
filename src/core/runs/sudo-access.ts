/** Finds out, before a command is started by sudo, whether sudo lets it in, and with what. */
import { AppError } from '../../shared/errors.ts'
import type { Answer } from '../../shared/question.ts'
import { Secret } from '../../shared/secret.ts'
import type { AskedQuestion, RemoteHost } from '../remote/remote-host.ts'
import type { SudoUse } from '../remote/sudo-command.ts'
import { type SudoAnswer, sudoAnswer, sudoScript } from '../remote/sudo-script.ts'
import type { SudoPassword } from '../secrets/sudo-password.ts'

export interface SudoAccess {
  readonly host: RemoteHost
  readonly sudo: SudoPassword
  /** Names of the hosts of the run. */
  readonly hosts: readonly string[]
  /** The command has a terminal there, so sudo has one too. */
  readonly tty: boolean
  readonly newNonce: () => string
  readonly ask: (question: AskedQuestion) => Promise<Answer>
}

/** Rejects with `sudo-missing`, `sudo-needs-terminal`, `sudo-denied`, `sudo-refused` or why nobody answered. */
export async function sudoFor(access: SudoAccess): Promise<SudoUse> {
  const first = await look(access, null)
  if (first.kind === 'let') return { password: null }
  if (first.kind !== 'wants') throw refusalOf(first)
  const password = await access.sudo.forHost({
    ask: async (refused) => {
      const prompt = `sudo password of ${first.user} on ${hostsText(access.hosts)}`
      const asked = { kind: 'secret', ask: 'sudo', echo: false, prompt, refused } as const
      const answer = await access.ask(asked)
      return new Secret(answer.kind === 'secret' ? answer.secret : '')
    },
    takes: async (tried) => {
      const answer = await look(access, tried)
      if (answer.kind === 'let') return true
      if (answer.kind === 'wrong' || answer.kind === 'wants') return false
      throw refusalOf(answer)
    },
  })
  return { password }
}

async function look(
  { host, tty, newNonce }: SudoAccess,
  password: Secret | null,
): Promise<SudoAnswer> {
  const nonce = newNonce()
  await using channel = await host.open({ script: sudoScript(nonce, password), tty })
  const decoder = new TextDecoder()
  let said = ''
  for await (const { bytes } of channel.output) {
    said = (said + decoder.decode(bytes, { stream: true })).slice(-saidCharsMax)
    const answer = sudoAnswer(said, nonce)
    if (answer !== null) return answer
  }
  throw new AppError('connection-lost', 'The session ended before sudo had answered.')
}

/** Words of a login shell before the answer, and the answer. */
const saidCharsMax = 64 * 1024

function hostsText(hosts: readonly string[]): string {
  const [first = '', ...others] = hosts
  if (others.length === 0) return first
  return others.length === 1 ? `${first} and ${others[0]}` : `${first} and ${others.length} others`
}

function refusalOf(answer: SudoAnswer): AppError {
  switch (answer.kind) {
    case 'missing':
      return new AppError('sudo-missing', 'The host has no sudo.')
    case 'tty':
      return new AppError('sudo-needs-terminal', 'sudo on this host wants a terminal (requiretty).')
    case 'denied':
      return new AppError(
        'sudo-denied',
        `sudo does not let the command in. It said: "${answer.text}".`,
      )
    case 'let':
    case 'wants':
    case 'wrong':
      return new AppError('sudo-refused', 'sudo took no password.')
  }
}
