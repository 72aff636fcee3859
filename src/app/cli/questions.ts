/** Puts what ssh asks before it connects (host key, password) to the person at the terminal. */
import { displayText } from '../../shared/display.ts'
import type { Answer, Question } from '../../shared/question.ts'
import type { Task } from '../../shared/run.ts'
import { openTerminal, type Terminal } from './terminal.ts'

export interface QuestionOptions {
  /** Fingerprints that the person has given beforehand (`--accept-host-key`). */
  readonly acceptedKeys: readonly string[]
  /** For sudo, given beforehand; it is not offered a second time when it was wrong. */
  readonly sudoPassword?: string | undefined
  readonly answer: (task: number, answer: Answer) => Promise<void>
  /** Says a sentence on standard error. */
  readonly say: (text: string) => Promise<void>
}

export interface Questions {
  /** Takes note of a task: a new question is asked, one that is gone is withdrawn. */
  take(task: Task): void
  close(): void
}

/** Asks one question after the other, each once. */
export function createQuestions(options: QuestionOptions): Questions {
  const open = new Map<string, AbortController>()
  const asked = new Set<string>()
  const closing = new AbortController()
  let terminal: Terminal | null | undefined
  let queue = Promise.resolve()

  const ask = async (task: Task, question: Question, signal: AbortSignal) => {
    if (signal.aborted) return
    const answer = givenAnswer(question, options)
    if (answer?.kind === 'cancel') await options.say(refusedPassword(task))
    if (answer !== undefined) return send(task, answer)
    terminal ??= openTerminal()
    if (terminal === null) {
      await options.say(withoutTerminal(task, question))
      return send(task, { kind: 'cancel', question: question.id })
    }
    const typed = await askPerson(terminal, { task, question, signal })
    if (!signal.aborted) await send(task, typed)
  }
  // A late answer is refused by the run: the question was withdrawn meanwhile.
  const send = (task: Task, answer: Answer) =>
    options.answer(task.id, answer).catch(() => undefined)

  return {
    take: (task) => {
      const key = task.question === null ? '' : `${task.id} ${task.question.id}`
      for (const [other, controller] of open) {
        if (other.startsWith(`${task.id} `) && other !== key) controller.abort()
      }
      if (task.question === null || asked.has(key) || closing.signal.aborted) return
      asked.add(key)
      const { question } = task
      const withdrawn = new AbortController()
      open.set(key, withdrawn)
      const signal = AbortSignal.any([withdrawn.signal, closing.signal])
      queue = queue.then(() => ask(task, question, signal)).finally(() => open.delete(key))
    },
    close: () => {
      closing.abort()
      terminal?.close()
    },
  }
}

/** What was given beforehand answers; a password that was refused cancels. */
function givenAnswer(
  question: Question,
  { acceptedKeys, sudoPassword }: QuestionOptions,
): Answer | undefined {
  const { id } = question
  if (question.kind === 'secret') {
    if (question.ask !== 'sudo' || sudoPassword === undefined) return undefined
    if (question.refused > 0) return { kind: 'cancel', question: id }
    return { kind: 'secret', question: id, secret: sudoPassword }
  }
  if (!acceptedKeys.includes(question.fingerprint)) return undefined
  return { kind: 'trust', question: id, fingerprint: question.fingerprint }
}

interface Asking {
  readonly task: Task
  readonly question: Question
  readonly signal: AbortSignal
}

async function askPerson(terminal: Terminal, { task, question, signal }: Asking): Promise<Answer> {
  if (question.kind === 'secret') {
    const refused = question.refused > 0 ? 'Permission denied, please try again.\n' : ''
    const prompt = displayText(question.prompt).trim()
    // That of sudo is for all hosts, and names them.
    const whole = question.ask === 'sudo' ? `${prompt}: ` : `${displayText(task.host)}: ${prompt} `
    const secret = await terminal.ask(`${refused}${whole}`, {
      echo: question.echo,
      signal,
    })
    if (secret === null) return { kind: 'cancel', question: question.id }
    return { kind: 'secret', question: question.id, secret }
  }
  terminal.say(hostKeyText(question))
  const typed = await terminal.ask('Trust this key? (yes, no, or the fingerprint) ', {
    echo: true,
    signal,
  })
  const said = typed?.trim()
  if (said !== 'yes' && said !== question.fingerprint) {
    return { kind: 'cancel', question: question.id }
  }
  return { kind: 'trust', question: question.id, fingerprint: question.fingerprint }
}

function hostKeyText(question: Extract<Question, { kind: 'host-key' }>): string {
  const address = question.address === null ? '' : ` (${displayText(question.address)})`
  return [
    `The host ${displayText(question.host)}${address} shows a key that is not known here:`,
    `  ${displayText(question.keyType)} ${displayText(question.fingerprint)}`,
    'Compare it on the console of the host: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
    '',
  ].join('\n')
}

function refusedPassword({ host }: Task): string {
  return `sudo on ${displayText(host)} did not accept the password of --sudo-password-file. Correct the file, and run again.`
}

function withoutTerminal(task: Task, question: Question): string {
  const host = displayText(task.host)
  if (question.kind === 'host-key') {
    const fingerprint = displayText(question.fingerprint)
    return (
      `${host} shows the unknown host key ${fingerprint}, and there is no terminal to ask on. ` +
      `If it is right, run again with --accept-host-key ${fingerprint}.`
    )
  }
  if (question.ask === 'sudo') {
    return `sudo on ${host} asks for a password, and there is no terminal to ask on. Give --sudo-password-file FILE, or run this on a terminal.`
  }
  return (
    `${host} asks for a ${question.ask}, and there is no terminal to ask on. ` +
    'Load the key into ssh-agent, or run this on a terminal.'
  )
}
