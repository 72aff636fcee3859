/** The reference of `Nodes`: several within one process. For tests, and the measure of other nodes. */
import { cannotBeAsked, type NodeRequest, type Nodes } from './nodes.ts'

/** What nodes that know each other share. */
export interface MemoryNodes {
  join(name: string): Nodes
  /** As when its process dies. */
  kill(name: string): void
}

export function createMemoryNodes(): MemoryNodes {
  const members = new Map<string, Member>()
  const kill = (name: string) => {
    members.delete(name)
  }
  return {
    kill,
    join(name) {
      const member: Member = { handle: undefined }
      members.set(name, member)
      return {
        own: name,
        isAlive: async (owner) => members.has(owner),
        ask: async (owner, request) => {
          const handle = members.get(owner)?.handle
          if (handle === undefined) throw cannotBeAsked(request)
          await handle(request)
        },
        serve: (handle) => {
          member.handle = handle
        },
        [Symbol.asyncDispose]: async () => kill(name),
      }
    },
  }
}

interface Member {
  handle: ((request: NodeRequest) => Promise<void>) | undefined
}
