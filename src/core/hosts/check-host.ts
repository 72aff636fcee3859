/** Goes the way to a host step by step, with the time of each: name, network, login, and what it can hold. */
import type { Destination } from '../../shared/destination.ts'
import { displayText } from '../../shared/display.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { CheckStep, HostCheck, SshSettings } from '../../shared/protocol/hosts.ts'
import type { Clock } from '../clock.ts'
import { probeAnswer, probeScript } from '../remote/probe-script.ts'
import type { AskedQuestion, RemoteHost } from '../remote/remote-host.ts'
import type { HostBookParts } from './host-book.ts'

/** The steps up to the first one that fails. */
export async function checkHost(
  parts: HostBookParts,
  destination: Destination,
  signal: AbortSignal,
): Promise<HostCheck> {
  const walk = new Walk(parts.clock, signal)
  const settings = await parts.view.settings(destination)
  const isOpen = await goThere(parts, walk, settings)
  const durable = isOpen ? await signIn(parts, walk, destination) : null
  const { steps } = walk
  return { name: destination.text, ok: steps.every(({ ok }) => ok), durable, steps }
}

type Found = Pick<CheckStep, 'text'> & Partial<Pick<CheckStep, 'hint'>>

/** The steps that were gone, each with its time. */
class Walk {
  readonly steps: CheckStep[] = []
  readonly signal: AbortSignal
  readonly #clock: Clock

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock
    this.signal = signal
  }

  /** False when it failed: then no other step is of any use. Rejects only when nobody waits any more. */
  async go(step: CheckStep['step'], action: () => Promise<Found>): Promise<boolean> {
    const start = this.#clock.elapsed()
    const add = (found: Pick<CheckStep, 'ok' | 'text' | 'hint'>): boolean => {
      this.steps.push({ step, ms: Math.round(this.#clock.elapsed() - start), ...found })
      return found.ok
    }
    try {
      const { text, hint = null } = await action()
      return add({ ok: true, text, hint })
    } catch (thrown) {
      this.signal.throwIfAborted()
      const { message, hint } = toAppError(thrown)
      return add({ ok: false, text: message, hint })
    }
  }
}

/** Behind a jump host or a proxy only ssh itself can go, and says what it met there. */
async function goThere(
  { view }: HostBookParts,
  walk: Walk,
  settings: SshSettings | null,
): Promise<boolean> {
  if (settings === null || settings.proxyJump !== null || settings.proxyCommand !== null)
    return true
  const { hostName, port } = settings
  let address = ''
  const isResolved = await walk.go('resolve', async () => {
    address = await view.resolve(hostName)
    return { text: address === hostName ? `${address} is an address` : `${hostName} is ${address}` }
  })
  if (!isResolved) return false
  return walk.go('connect', async () => {
    const greeting = await view.greeting({ address, port }, walk.signal)
    return { text: `port ${port} answers: ${displayText(greeting)}` }
  })
}

/** Whether it can hold durable runs; null when that did not become known. */
async function signIn(
  parts: HostBookParts,
  walk: Walk,
  destination: Destination,
): Promise<boolean | null> {
  let host: RemoteHost | null = null
  let durable: boolean | null = null
  try {
    const isIn = await walk.go('sign-in', async () => {
      host = await parts.hosts.connect({ destination, ask: refuse }, walk.signal)
      return { text: 'the host key is known, and the login was accepted' }
    })
    if (isIn) {
      await walk.go('probe', async () => {
        const reason = await probe(parts, host, walk.signal)
        durable = reason === null
        if (reason === null) return { text: 'durable runs: yes' }
        const hint = 'Commands run there as plain ones: they end with their connection.'
        return { text: `durable runs: no, ${reason}`, hint }
      })
    }
    return durable
  } finally {
    await (host as RemoteHost | null)?.[Symbol.asyncDispose]()
  }
}

/** A check asks nobody: what ssh wants to know is its answer. */
export function refuse(question: AskedQuestion): Promise<never> {
  if (question.kind === 'host-key') {
    const { host, keyType, fingerprint } = question
    throw new AppError(
      'host-key-unknown',
      `The ${keyType} key of ${displayText(host)} is not known yet: ${fingerprint}.`,
      { hint: 'Run a command on the host: then you are asked whether to trust the key.' },
    )
  }
  throw new AppError(
    'login-cancelled',
    `A person is asked: ${displayText(question.prompt).trim()}`,
    {
      hint: 'Run a command on the host: then you are asked. With a key in an agent nobody is.',
    },
  )
}

/** Why it cannot hold durable runs; null when it can. */
async function probe(
  { newNonce, clock }: HostBookParts,
  host: RemoteHost | null,
  signal: AbortSignal,
): Promise<string | null> {
  if (host === null) throw new Error('There is no connection.')
  const nonce = newNonce()
  const channel = await host.open({ script: probeScript(nonce), tty: false })
  const end = (): void => void channel[Symbol.asyncDispose]()
  const cancel = clock.after(limits.connectTimeoutMs, end)
  signal.addEventListener('abort', end, { once: true })
  try {
    let said = ''
    for await (const { channel: name, bytes } of channel.output) {
      if (name === 'err') said += new TextDecoder().decode(bytes)
      const answer = probeAnswer(said.slice(-probeCharsMax), nonce)
      if (answer !== null) return answer.reason
    }
    throw new AppError('start-failed', 'The host did not answer the questions of a POSIX sh.')
  } finally {
    cancel()
    signal.removeEventListener('abort', end)
    await channel[Symbol.asyncDispose]()
  }
}

/** The answer is one short line; a login shell may say more before it. */
const probeCharsMax = 10_000
