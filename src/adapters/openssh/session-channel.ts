/** One session of a connection as RFC 4254 has it: windows, requests, and how it ends. */
import type { ChannelBytes } from '../../core/remote/remote-host.ts'
import type { SourceChannel } from '../../shared/channel.ts'
import { limits } from '../../shared/limits.ts'
import * as ssh from './ssh-messages.ts'

export interface SessionRequest {
  readonly command: string
  /** `TERM` of a terminal on the host; null without one. */
  readonly terminal: string | null
  /** Offered to the host, which takes what it accepts. */
  readonly environment: ReadonlyMap<string, string>
}

/** How a session has ended. */
export type SessionEnd =
  /** In order. `status` is null when the host told none: a signal has ended it, or we have. */
  | { readonly kind: 'closed'; readonly status: number | null }
  /** The host has opened none, so nothing has run. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Its connection has ended. `isOpened`: the host may have run something of it. */
  | { readonly kind: 'lost'; readonly isOpened: boolean }

/**
 * All input and output of a session. What is written before the host has opened it waits here. The
 * host may send `sessionWindowBytes` that nobody has read yet, and then pauses by itself.
 */
export class SessionChannel {
  /** Resolves when nothing more comes and nothing more is sent. */
  readonly ended: Promise<SessionEnd>
  readonly #request: SessionRequest
  readonly #send: (packet: Buffer) => void
  /** The host's number of it; null until it has opened it. */
  #remote: number | null = null
  #packetBytesMax = 0
  readonly #unsent: Buffer[] = []
  #roomThere = 0
  #eof: 'open' | 'wanted' | 'sent' = 'open'
  #close: 'open' | 'wanted' | 'sent' = 'open'
  /** Requests that wait for their answer, in their order. */
  #asked: ('terminal' | 'command')[] = []
  readonly #unread: ChannelBytes[] = []
  /** Bytes that the host may send now. */
  #roomHere: number = limits.sessionWindowBytes
  /** Bytes that were read since the host has last got room. */
  #readBytes = 0
  #isDropped = false
  /** Neither output nor an exit has come. */
  #isSilent = true
  #status: number | null = null
  #end: SessionEnd | null = null
  #resolveEnded: (end: SessionEnd) => void = () => undefined
  #wake: (() => void) | null = null

  constructor(id: number, request: SessionRequest, send: (packet: Buffer) => void) {
    this.#request = request
    this.#send = send
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve
    })
    const { sessionWindowBytes: windowBytes, sessionPacketBytesMax: packetBytesMax } = limits
    send(ssh.sessionOpen(id, { windowBytes, packetBytesMax }))
  }

  /** The next bytes of either channel in the order in which the host sent them; null at the end. */
  async next(): Promise<ChannelBytes | null> {
    while (this.#unread.length === 0) {
      if (this.#end !== null || this.#isDropped) return null
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const piece = this.#unread.shift() ?? null
    this.#makeRoom(piece?.bytes.length ?? 0)
    return piece
  }

  /** To the stdin of the command. Dropped when nothing can be sent any more. */
  write(bytes: Buffer): void {
    if (this.#eof !== 'open') return
    this.#unsent.push(bytes)
    this.#flush()
  }

  /** Ends the stdin of the command, once all that was written is sent. */
  end(): void {
    if (this.#eof === 'open') this.#eof = 'wanted'
    this.#flush()
  }

  /** Ends the session here and on the host; a terminal hangs up. Output may come until it has ended. */
  close(): void {
    if (this.#close !== 'open') return
    // Before the host has opened it there is nothing that could be closed.
    this.#close = 'wanted'
    if (this.#remote !== null) this.#sendClose(this.#remote)
  }

  /** Closes it, and lets go of what nobody will read. */
  drop(): void {
    this.#isDropped = true
    this.#unread.length = 0
    this.close()
    this.#ring()
  }

  /** Takes a message of the host to this session. Throws when the host breaks the protocol. */
  receive(message: ssh.HostMessage): void {
    switch (message.kind) {
      case 'open-confirmation':
        return this.#opened(message)
      case 'open-failure':
        return this.#finish({ kind: 'refused', reason: message.reason })
      case 'window-adjust':
        this.#roomThere += message.bytes
        return this.#flush()
      case 'data':
        return this.#take('out', message.bytes)
      case 'extended-data':
        return this.#take(message.code === stderrCode ? 'err' : null, message.bytes)
      case 'request':
        return this.#answer(message.request)
      case 'success':
      case 'failure':
        return this.#answered(message.kind)
      case 'close':
        return this.#closedByHost()
      case 'eof':
        // Nothing holds an output any more: what only waits for its stdin to end can go.
        return this.end()
    }
  }

  /** The connection has ended. */
  lose(): void {
    this.#finish({ kind: 'lost', isOpened: this.#remote !== null })
  }

  #opened(host: Extract<ssh.HostMessage, { kind: 'open-confirmation' }>): void {
    if (this.#remote !== null) throw new RangeError('The host has opened one session twice.')
    const { sender } = host
    this.#remote = sender
    this.#roomThere += host.windowBytes
    this.#packetBytesMax = Math.max(1, Math.min(host.packetBytesMax, limits.sessionPacketBytesMax))
    if (this.#close === 'wanted') return this.#sendClose(sender)
    const { terminal, environment, command } = this.#request
    const requests = [...environment].map(([name, value]) => ssh.envRequest(sender, name, value))
    if (terminal !== null) {
      this.#asked.push('terminal')
      requests.unshift(ssh.ptyRequest(sender, terminal))
    }
    this.#asked.push('command')
    this.#send(Buffer.concat([...requests, ssh.execRequest(sender, command)]))
    this.#flush()
  }

  /** sshd asks sessions for signs of life (ClientAliveInterval), and ends those that give none. */
  #answer({ wantsReply, status }: ssh.HostRequest): void {
    // The exit code of a process has eight bits, whatever a host says.
    if (status !== null) this.#status = status & 0xff
    if (!wantsReply) this.#isSilent = false
    if (wantsReply && this.#remote !== null && this.#close !== 'sent') {
      this.#send(ssh.requestFailure(this.#remote))
    }
  }

  #answered(kind: 'success' | 'failure'): void {
    const what = this.#asked.shift()
    if (kind === 'success' || what === undefined) return
    this.#pass('err', Buffer.from(`The host gives no ${what} in this session.\n`))
    if (what === 'command') this.close()
  }

  #closedByHost(): void {
    // Dropbear does that when another session ends between this one and its command: nothing has run.
    const isUnheard = this.#asked.length > 0 && this.#isSilent
    if (isUnheard && this.#close === 'open') {
      if (this.#remote !== null) this.#sendClose(this.#remote)
      return this.#finish({ kind: 'refused', reason: 'it was closed before the command was taken' })
    }
    if (this.#remote !== null && this.#close !== 'sent') this.#sendClose(this.#remote)
    this.#finish({ kind: 'closed', status: this.#status })
  }

  #take(channel: SourceChannel | null, bytes: Buffer): void {
    if (bytes.length > this.#roomHere) throw new RangeError('The host has sent more than it may.')
    this.#roomHere -= bytes.length
    this.#isSilent = false
    if (channel === null) this.#makeRoom(bytes.length)
    else this.#pass(channel, bytes)
  }

  #pass(channel: SourceChannel, bytes: Buffer): void {
    if (this.#isDropped || bytes.length === 0) return
    this.#unread.push({ channel, bytes })
    this.#ring()
  }

  /** In steps, as each is a message of its own. */
  #makeRoom(readBytes: number): void {
    this.#readBytes += readBytes
    if (this.#readBytes < limits.sessionWindowBytes / roomSteps) return
    if (this.#remote === null || this.#close === 'sent' || this.#end !== null) return
    this.#roomHere += this.#readBytes
    this.#send(ssh.windowAdjust(this.#remote, this.#readBytes))
    this.#readBytes = 0
  }

  #flush(): void {
    const remote = this.#remote
    if (remote === null || this.#close === 'sent') return
    while (this.#roomThere > 0) {
      const [bytes] = this.#unsent
      if (bytes === undefined) break
      const size = Math.min(bytes.length, this.#roomThere, this.#packetBytesMax)
      this.#send(ssh.data(remote, bytes.subarray(0, size)))
      this.#roomThere -= size
      if (size === bytes.length) this.#unsent.shift()
      else this.#unsent[0] = bytes.subarray(size)
    }
    if (this.#eof !== 'wanted' || this.#unsent.length > 0) return
    this.#eof = 'sent'
    this.#send(ssh.eof(remote))
  }

  #sendClose(remote: number): void {
    this.#close = 'sent'
    this.#unsent.length = 0
    this.#send(ssh.close(remote))
  }

  #finish(end: SessionEnd): void {
    if (this.#end !== null) return
    this.#end = end
    this.#unsent.length = 0
    this.#resolveEnded(end)
    this.#ring()
  }

  #ring(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }
}

const stderrCode = 1
/** Room is given back whenever this part of the window was read. */
const roomSteps = 8
