/** The saved commands as this page knows them, shared by sidebar, palette and their own screen. */
import { type ReadonlySignal, signal } from '@preact/signals'
import {
  createSavedCommandsApi,
  type SavedCommandsApi,
} from '../../../client/saved-commands-api.ts'
import { displayText } from '../../../shared/display.ts'
import type { Unreadable } from '../../../shared/listing.ts'
import type { StoredCommand } from '../../../shared/saved-command.ts'
import { sourceText } from '../../../shared/source.ts'
import type { AppModel } from '../../app/app-model.ts'

const list = signal<readonly StoredCommand[] | null>(null)
const damaged = signal<readonly Unreadable[]>([])

/** By name; null until they were loaded. */
export const savedList: ReadonlySignal<readonly StoredCommand[] | null> = list

/** Those that are kept and cannot be read. */
export const unreadableSaved: ReadonlySignal<readonly Unreadable[]> = damaged

/** Rejects when they cannot be had. */
export async function loadSaved(app: AppModel): Promise<void> {
  const { items, unreadable } = await savedApi(app).list()
  list.value = items
  damaged.value = unreadable
}

export function savedApi({ session }: AppModel): SavedCommandsApi {
  return createSavedCommandsApi((path, init) => session.api.request(path, init))
}

/** Opens the form that starts it, over the screen of all. */
export function startPath(name: string): string {
  return `/saved?run=${encodeURIComponent(name)}`
}

export function editPath(name: string): string {
  return `/saved?edit=${encodeURIComponent(name)}`
}

/** What it reads, as one line of a list: of a longer command the first one. */
export function sourceLine({ source }: StoredCommand): string {
  const [first = '', ...more] = sourceText(source).trim().split('\n')
  return displayText(more.length === 0 ? first : `${first} …`)
}
