/** Goes the way to a host step by step, with the time of each: name, network, login, and what it can hold. */
import type { Destination } from '../../shared/destination.ts'
import { displayText } from '../../shared/display.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import { limits } from '../../shared/limits.ts'
import type { CheckStep, HostCheck, SshSettings } from '../../shared/protocol/hosts.ts'
import { isoTime } from '../../shared/time.ts'
import type { Clock } from '../clock.ts'
import { aboutHost, type HostAbout, probeAnswer, probeScript } from '../remote/probe-script.ts'
import type { AskedQuestion, RemoteHost, RemoteHosts } from '../remote/remote-host.ts'
import { whatIsKnown } from './check-result.ts'
import type { HostView } from './host-view.ts'

export interface CheckParts {
  readonly view: HostView
  readonly hosts: RemoteHosts
  readonly clock: Clock
  readonly newNonce: () => string
}

/** The steps up to the first one that fails, and what they say of the host. */
export async function checkHost(
  parts: CheckParts,
  { name, destination }: CheckedHost,
  signal: AbortSignal,
): Promise<HostCheck> {
  const walk = new Walk(parts.clock, signal)
  const settings = await parts.view.settings(destination)
  const isOpen = await goThere(parts, walk, settings)
  const found = isOpen ? await signIn(parts, walk, destination) : nothingFound
  const { steps, failure } = walk
  return {
    name,
    checkedAt: isoTime(parts.clock.now()),
    ok: steps.every(({ ok }) => ok),
    ...whatIsKnown(steps, failure),
    ...found,
    message: steps.find(({ ok }) => !ok)?.text ?? null,
    code: failure?.code ?? null,
    steps,
  }
}

export interface CheckedHost {
  /** As targets name it. */
  readonly name: string
  readonly destination: Destination
}

type FoundThere = Pick<HostCheck, 'durable' | 'shell' | 'clockOffsetMs'>

const nothingFound: FoundThere = { durable: null, shell: null, clockOffsetMs: null }

type Found = Pick<CheckStep, 'text'> & Partial<Pick<CheckStep, 'hint'>>

/** The steps that were gone, each with its time. */
class Walk {
  readonly steps: CheckStep[] = []
  /** Why the last one failed. */
  failure: AppError | null = null
  readonly signal: AbortSignal
  readonly #clock: Clock

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock
    this.signal = signal
  }

  /** False when it failed: then no other step is of any use. Rejects only when nobody waits any more. */
  async go(step: CheckStep['step'], action: () => Promise<Found>): Promise<boolean> {
    const start = this.#clock.elapsed()
    const add = (found: Omit<CheckStep, 'step' | 'ms'>): boolean => {
      this.steps.push({ step, ms: Math.round(this.#clock.elapsed() - start), ...found })
      return found.ok
    }
    try {
      const { text, hint = null } = await action()
      return add({ ok: true, text, hint, code: null })
    } catch (thrown) {
      this.signal.throwIfAborted()
      this.failure = toAppError(thrown)
      const { message, hint, code } = this.failure
      return add({ ok: false, text: message, hint, code })
    }
  }
}

/** Behind a jump host or a proxy only ssh itself can go, and says what it met there. */
async function goThere(
  { view }: CheckParts,
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

/** What did not become known is null. */
async function signIn(
  parts: CheckParts,
  walk: Walk,
  destination: Destination,
): Promise<FoundThere> {
  const held: { host: RemoteHost | null } = { host: null }
  let found = nothingFound
  try {
    const isIn = await walk.go('sign-in', async () => {
      held.host = await parts.hosts.connect({ destination, ask: refuse }, walk.signal)
      return { text: 'the host key is known, and the login was accepted' }
    })
    if (isIn) {
      await walk.go('probe', async () => {
        const { reason, ...about } = await probe(parts, held.host, walk.signal)
        found = { ...about, durable: reason === null }
        if (reason === null) return { text: 'durable runs: yes' }
        const hint = 'Commands run there as plain ones: they end with their connection.'
        return { text: `durable runs: no, ${reason}`, hint }
      })
    }
    return found
  } finally {
    await held.host?.[Symbol.asyncDispose]()
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

interface Probed extends Omit<FoundThere, 'durable'> {
  /** Why it cannot hold durable runs; null when it can. */
  readonly reason: string | null
}

async function probe(
  { newNonce, clock }: CheckParts,
  host: RemoteHost | null,
  signal: AbortSignal,
): Promise<Probed> {
  if (host === null) throw new Error('There is no connection.')
  const nonce = newNonce()
  const channel = await host.open({ script: probeScript(nonce), tty: false })
  const end = (): void => void channel[Symbol.asyncDispose]()
  const cancel = clock.after(limits.connectTimeoutMs, end)
  signal.addEventListener('abort', end, { once: true })
  try {
    let said = ''
    let about: (HostAbout & { readonly heardAt: number }) | null = null
    for await (const { channel: name, bytes } of channel.output) {
      if (name === 'err') said += new TextDecoder().decode(bytes)
      said = said.slice(-probeCharsMax)
      const heard: HostAbout | null = aboutHost(said, nonce)
      if (about === null && heard !== null) about = { ...heard, heardAt: clock.now() }
      const answer = probeAnswer(said, nonce)
      if (answer !== null) return { ...answer, ...comparedWithUs(about) }
    }
    throw new AppError('start-failed', 'The host did not answer the questions of a POSIX sh.')
  } finally {
    cancel()
    signal.removeEventListener('abort', end)
    await channel[Symbol.asyncDispose]()
  }
}

/** An answer comes a moment after it was given: that much of the offset is the way. */
function comparedWithUs(
  about: (HostAbout & { readonly heardAt: number }) | null,
): Pick<HostCheck, 'shell' | 'clockOffsetMs'> {
  if (about === null) return { shell: null, clockOffsetMs: null }
  const { time, shell, heardAt } = about
  return { shell, clockOffsetMs: time === null ? null : Math.round(time - heardAt) }
}

/** The answer is two short lines; a login shell may say more before it. */
const probeCharsMax = 10_000
