/** One very long line in full, read from the server and windowed: only rows in sight are in the page. */
import { useSignal } from '@preact/signals'
import type { RefObject, VNode } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import type { WireLine } from '../../../shared/protocol/events.ts'
import { useApp } from '../../app/app-context.ts'
import { formatBytes } from '../../i18n/format.ts'
import { wholeLineText } from '../../i18n/whole-line-text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Said } from '../../ui/said.tsx'
import { useWindow } from '../fleet/use-window.ts'
import type { RunModel } from '../runs/run-model.ts'
import { copyText } from '../viewer/copy-lines.ts'
import { rawAddress } from '../viewer/raw-address.ts'
import { rowStarts } from './cut-line.ts'
import './whole-line.css'

export interface WholeLineProps {
  readonly model: RunModel
  readonly onClose: () => void
}

const rowPx = 20

/** Of the line cursor. */
export function WholeLine({ model, onClose }: WholeLineProps): VNode | null {
  const { say } = useApp()
  const t = wholeLineText.value
  const pos = model.selected.value
  // The line as it was when it was asked for: it may leave the page meanwhile.
  const line = useMemo(() => (pos === null ? undefined : model.lineAt(pos)), [model, pos])
  const { content, problem } = useContent(model, line)
  if (line === undefined) return null
  const host = model.run.value?.tasks.find(({ id }) => id === line.task)?.host ?? ''
  const copy = async (): Promise<void> => {
    if (content !== null) say((await copyText(content)) ? t.lineCopied : t.copyFailed)
  }
  const exact = `${rawAddress(model.id, line.task, line.channel)}&from=${line.pos}&to=${line.pos + 1}`
  return (
    <Dialog kind="wide" title={t.lineOf(line.pos, displayText(host))} onClose={onClose}>
      <p class="whole-line-tools">
        <span>{formatBytes(line.bytes ?? line.text.length)}</span>
        <a class="button small" download href={exact}>
          <Icon name="download" />
          {t.exactBytes}
        </a>
        <button type="button" class="button small" onClick={() => void copy()}>
          <Icon name="copy" />
          {t.copyLine}
        </button>
        <button type="button" class="button small primary" data-first-focus onClick={onClose}>
          {t.close}
        </button>
      </p>
      {content === null ? (
        <p class="whole-line-wait" role={problem === null ? 'status' : 'alert'}>
          <Said of={problem ?? t.reading} />
        </p>
      ) : (
        <Rows content={content} label={t.lineOf(line.pos, displayText(host))} />
      )}
    </Dialog>
  )
}

interface Content {
  /** Null while it is on the way. */
  readonly content: string | null
  readonly problem: AppError | null
}

/** What the page has of a line is cut: the rest is read when somebody wants all of it. */
function useContent(model: RunModel, line: WireLine | undefined): Content {
  const { api } = useApp()
  const known = useSignal<Content>({ content: null, problem: null })
  useEffect(() => {
    if (line === undefined || line.bytes === undefined) return undefined
    let isLeft = false
    const { task, channel, pos } = line
    const take = (next: Content): void => {
      if (!isLeft) known.value = next
    }
    api.bytes(model.id, { task, channel, from: pos, to: pos + 1 }).then(
      (bytes) =>
        take({ content: new TextDecoder().decode(bytes).replace(/\r?\n$/, ''), problem: null }),
      (thrown: unknown) => take({ content: null, problem: toAppError(thrown) }),
    )
    return () => {
      isLeft = true
    }
  }, [api, known, line, model])
  return line?.bytes === undefined ? { content: line?.text ?? null, problem: null } : known.value
}

interface RowsProps {
  /** As it was written. */
  readonly content: string
  readonly label: string
}

/** Its characters as text, the deceptive ones as tokens. */
function Rows({ content, label }: RowsProps): VNode {
  const list = useRef<HTMLDivElement>(null)
  const columns = useColumns(list)
  const shown = useMemo(() => displayText(content), [content])
  const starts = useMemo(() => rowStarts(shown, columns), [shown, columns])
  const { first, end } = useWindow(list, { count: starts.length, rowPx })
  const rows = starts.slice(first, end)
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div class="whole-line" data-scrolls tabIndex={0} role="region" aria-label={label}>
      <div
        ref={list}
        class="whole-line-rows mono"
        dir="ltr"
        style={{ height: `${starts.length * rowPx}px` }}
        onCopy={copyWithoutBreaks}
      >
        {rows.map((start, at) => (
          <div
            key={first + at}
            class="whole-line-row"
            style={{ transform: `translateY(${(first + at) * rowPx}px)` }}
          >
            {shown.slice(start, starts[first + at + 1])}
          </div>
        ))}
      </div>
    </div>
  )
}

/** How many cells stand beside each other. */
function useColumns(list: RefObject<HTMLElement | null>): number {
  const columns = useSignal(80)
  useLayoutEffect(() => {
    const element = list.current
    if (element === null) return undefined
    const measure = (): void => {
      const probe = document.createElement('span')
      probe.className = 'whole-line-row'
      probe.textContent = '0'.repeat(100)
      element.append(probe)
      const cellPx = probe.getBoundingClientRect().width / 100
      probe.remove()
      if (cellPx > 0) columns.value = Math.max(10, Math.floor(element.clientWidth / cellPx))
    }
    measure()
    const resize = new ResizeObserver(measure)
    resize.observe(element)
    return () => resize.disconnect()
  }, [list, columns])
  return columns.value
}

/** Rows are of the page, not of the line. */
function copyWithoutBreaks(event: ClipboardEvent): void {
  const selected = getSelection()?.toString() ?? ''
  if (selected === '') return
  event.clipboardData?.setData('text/plain', selected.replaceAll('\n', ''))
  event.preventDefault()
}
