/** The saved commands of an engine, loaded when somebody asks for one: most commands never do. */
import type { SavedCommands, SavedCommandsParts } from '../core/saved-commands/saved-commands.ts'

type SavedCommandsPlace = Pick<SavedCommandsParts, 'records' | 'inventory'>

export function lazySavedCommands(options: SavedCommandsPlace): SavedCommands {
  let opened: Promise<SavedCommands> | undefined
  const commands = (): Promise<SavedCommands> => (opened ??= openSavedCommands(options))
  return {
    list: async () => (await commands()).list(),
    get: async (name) => (await commands()).get(name),
    put: async (command, version) => (await commands()).put(command, version),
    remove: async (name, version) => (await commands()).remove(name, version),
    importYaml: async (yaml) => (await commands()).importYaml(yaml),
    exportYaml: async (names) => (await commands()).exportYaml(names),
    prepare: async (request) => (await commands()).prepare(request),
  }
}

async function openSavedCommands(options: SavedCommandsPlace): Promise<SavedCommands> {
  const [{ createSavedCommands }, { yamlDocuments }, { matchesWithin }] = await Promise.all([
    import('../core/saved-commands/saved-commands.ts'),
    import('../adapters/yaml/yaml-documents.ts'),
    import('../adapters/system/whole-match.ts'),
  ])
  return createSavedCommands({ ...options, documents: yamlDocuments, matches: matchesWithin })
}
