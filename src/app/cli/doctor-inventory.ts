/** `farglass doctor`: whether the inventory file is right, and how many hosts it has. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { toAppError } from '../../shared/errors.ts'
import type { CommandLine } from './command-line.ts'
import { dataDirectoryOf, environment } from './connect.ts'
import type { Finding } from './doctor-checks.ts'
import { countText } from './hosts-text.ts'

/** The file that a command without a server would use. */
export async function checkInventory(line: CommandLine): Promise<Finding> {
  const named = environment('FARGLASS_INVENTORY')
  const path = named ?? join(dataDirectoryOf(line).path, 'inventory.yaml')
  if (named === undefined && !existsSync(path)) {
    return { ok: true, text: 'there is no file of hosts; see docs/guide/inventory.md.' }
  }
  const { createInventoryFile } = await import('../../adapters/inventory-file/inventory-file.ts')
  try {
    const { hosts } = await createInventoryFile({ path, isOptional: false }).read()
    return { ok: true, text: `${path} has ${countText(hosts.length)}` }
  } catch (thrown) {
    const { message, hint } = toAppError(thrown)
    return { ok: false, text: message, hint }
  }
}
