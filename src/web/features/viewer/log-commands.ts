/** What the keyboard and the toolbar can ask of the log in view. */
import type { AppModel } from '../../app/app-model.ts'
import { text } from '../../i18n/text.ts'
import type { RunModel } from '../runs/run-model.ts'
import type { LogView } from './log-view.ts'

let view: LogView | null = null

/** The log registers its view while it is on screen. */
export function setLogView(next: LogView | null): void {
  view = next
}

export const logCommands = {
  toggleFollow(model: RunModel | null): void {
    if (model === null) return
    if (model.follow.value) model.follow.value = false
    else void model.jumpToLatest()
  },
  end(model: RunModel | null): void {
    if (model !== null) void model.jumpToLatest()
  },
  start(model: RunModel | null): void {
    if (model === null) return
    const first = model.run.value?.first ?? 0
    if (model.buffer.first > first) void model.show(first)
    else view?.toStart()
  },
  page(direction: 1 | -1): void {
    view?.page(direction)
  },
  move(model: RunModel | null, step: 1 | -1): void {
    if (model === null) return
    const { buffer, selected } = model
    if (buffer.end === buffer.first) return
    const next = selected.value === null ? buffer.end - 1 : selected.value + step
    if (step < 0) model.follow.value = false
    selected.value = Math.min(Math.max(next, buffer.first), buffer.end - 1)
  },
  /** Copies the address of the selected line, or of the run. */
  async copyLink({ current, router, say }: AppModel): Promise<void> {
    const model = current.value
    if (model === null) return
    const pos = model.selected.value
    const fragment = pos === null ? '' : `#L${pos}`
    if (pos !== null) router.mark(fragment)
    const t = text.value
    const isCopied = await copyText(`${location.origin}/runs/${model.id}${fragment}`)
    if (!isCopied) say(t.copyFailed)
    else say(pos === null ? t.linkCopied : t.lineLinkCopied(pos))
  },
  async copyLine({ current, say }: AppModel): Promise<void> {
    const model = current.value
    const pos = model?.selected.value ?? null
    const line = pos === null ? undefined : model?.buffer.at(pos)
    if (line === undefined) return
    say((await copyText(line.text)) ? text.value.lineCopied : text.value.copyFailed)
  },
} as const

/** False where the browser refuses, on plain http to another machine for instance. */
async function copyText(content: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(content)
    return true
  } catch {
    return false
  }
}
