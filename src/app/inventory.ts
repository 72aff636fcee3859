/** The inventory of an engine: loaded when a target is first looked up. */
import type { HostInventory } from '../core/inventory/inventory.ts'

/** The hosts of ssh_config; `sshConfigFile` is null for the user's own and that of the system. */
export function openInventory(sshConfigFile: string | null): HostInventory {
  return {
    read: async () => {
      const { readConfigHosts, sshConfigFiles } = await import(
        '../adapters/openssh/config-hosts.ts'
      )
      const configured = await readConfigHosts(sshConfigFiles(sshConfigFile))
      const hosts = configured.map(({ name }) => ({
        name,
        destination: null,
        groups: [],
        tags: [],
      }))
      return { hosts }
    },
  }
}
