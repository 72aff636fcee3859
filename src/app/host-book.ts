/** The host book of an engine, loaded when somebody asks for hosts: most commands never do. */
import { systemClock } from '../adapters/system/clock.ts'
import { randomName } from '../adapters/system/ids.ts'
import type { HostBook, HostBookParts } from '../core/hosts/host-book.ts'

export interface LazyHostBookOptions extends Pick<HostBookParts, 'hosts' | 'runs'> {
  readonly sshConfigFile: string | null
}

export function lazyHostBook(options: LazyHostBookOptions): HostBook {
  let opened: Promise<HostBook> | undefined
  const book = (): Promise<HostBook> => (opened ??= openHostBook(options))
  return {
    list: async () => (await book()).list(),
    get: async (name) => (await book()).get(name),
    check: async (name, signal) => (await book()).check(name, signal),
    complete: async (name, request, signal) => (await book()).complete(name, request, signal),
  }
}

async function openHostBook({
  hosts,
  runs,
  sshConfigFile,
}: LazyHostBookOptions): Promise<HostBook> {
  const [{ createHostBook }, { createSshHostView }] = await Promise.all([
    import('../core/hosts/host-book.ts'),
    import('../adapters/openssh/ssh-host-view.ts'),
  ])
  return createHostBook({
    view: createSshHostView(sshConfigFile),
    hosts,
    runs,
    clock: systemClock,
    newNonce: () => randomName(26),
  })
}
