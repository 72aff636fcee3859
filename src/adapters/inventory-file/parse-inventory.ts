/** Reads the text of an inventory file: our own YAML, or that of Ansible as YAML or INI. */
import type { KnownHosts } from '../../core/inventory/inventory.ts'
import { limits } from '../../shared/limits.ts'
import { readAnsibleIni } from './ansible-ini.ts'
import { type FileFault, faultsOf, type ReadInventory, toKnownHosts } from './inventory-parts.ts'

/** Rejects with `inventory-invalid`, with file and line. */
export async function parseInventory(text: string, file: string): Promise<KnownHosts> {
  const fault = faultsOf(file)
  if (text.length > limits.inventoryFileBytesMax) {
    throw fault(1, `it is longer than ${limits.inventoryFileBytesMax} bytes`)
  }
  if (text.includes('\0')) throw fault(1, 'it is not a text')
  const read = isIni(text, file) ? readAnsibleIni(text, fault) : await readYamlForm(text, fault)
  return toKnownHosts(read, file, fault)
}

/** By its name, else by its first line that says something: a YAML inventory begins with `name:`. */
function isIni(text: string, file: string): boolean {
  if (/\.ya?ml$/i.test(file)) return false
  if (/\.(ini|cfg)$/i.test(file)) return true
  const first = text.split('\n').find((line) => /^\s*[^\s#;]/.test(line)) ?? ''
  return !/^---|^[{]|^[\w.-]+:\s*([{#].*)?$/.test(first.trim())
}

async function readYamlForm(text: string, fault: FileFault): Promise<ReadInventory> {
  const { readYaml } = await import('./yaml-places.ts')
  const root = readYaml(text, fault)
  const keys = root.entries('the file').map(({ key }) => key)
  if (keys.every((key) => key === 'hosts' || key === 'groups')) {
    const { readOwnYaml } = await import('./own-yaml.ts')
    return readOwnYaml(root, fault)
  }
  const { readAnsibleYaml } = await import('./ansible-yaml.ts')
  return readAnsibleYaml(root, fault)
}
