/** Import of runs by a file chooser, or by files that are dropped on the list. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { displayText } from '../../../shared/display.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { RunImporter } from './run-importer.ts'
import './run-import.css'

export interface ImporterProps {
  readonly importer: RunImporter
}

export function ImportButton({ importer }: ImporterProps): VNode {
  const chooser = useRef<HTMLInputElement>(null)
  const p = pageTexts.value
  return (
    <>
      <button type="button" class="button" onClick={() => chooser.current?.click()}>
        <Icon name="down" />
        {p.importRuns}
      </button>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-label={p.importRuns}
        onChange={({ currentTarget }) => {
          void importer.take([...(currentTarget.files ?? [])])
          // The same file may be chosen once more.
          currentTarget.value = ''
        }}
      />
    </>
  )
}

/** What is on its way, what was refused, and the place to drop files on while they are over the page. */
export function ImportProgress({ importer }: ImporterProps): VNode {
  const isOver = useDrop((files) => void importer.take(files))
  const p = pageTexts.value
  const name = importer.current.value
  return (
    <>
      {isOver && (
        <div class="import-drop" aria-hidden="true">
          <span>{p.importDrop}</span>
        </div>
      )}
      {name !== null && (
        <div class="notice import-busy">
          <p role="status">{p.importing(displayText(name))}</p>
          <Sent part={importer.sent.value} />
          <button type="button" class="button small" onClick={() => importer.stop()}>
            {text.value.cancel}
          </button>
        </div>
      )}
      {importer.problems.value.map((problem) => (
        <Notice key={problem} tone="err">
          {displayText(problem)}
        </Notice>
      ))}
    </>
  )
}

/** Of the file that is on its way; it is not told to readers of the screen at each step, but when they look. */
function Sent({ part }: { readonly part: number | null }): VNode {
  const percent = part === null ? '' : `${String(Math.floor(part * 100))} %`
  return (
    <>
      <progress
        class="import-sent"
        aria-label={pageTexts.value.importSent}
        {...(part === null ? {} : { value: part })}
      />
      <span class="import-percent" aria-hidden="true">
        {percent}
      </span>
    </>
  )
}

/** Whether files are held over the page; `take` gets them when they are let go. */
function useDrop(take: (files: readonly File[]) => void): boolean {
  const isOver = useSignal(false)
  const taker = useRef(take)
  taker.current = take
  useEffect(() => {
    const abort = new AbortController()
    const { signal } = abort
    const hasFiles = ({ dataTransfer }: DragEvent): boolean =>
      dataTransfer?.types.includes('Files') === true
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return
      event.preventDefault()
      isOver.value = true
    }
    const leave = ({ relatedTarget }: DragEvent): void => {
      // Nothing is related when the page itself is left.
      if (relatedTarget === null) isOver.value = false
    }
    const drop = (event: DragEvent): void => {
      isOver.value = false
      if (!hasFiles(event)) return
      event.preventDefault()
      taker.current([...(event.dataTransfer?.files ?? [])])
    }
    document.addEventListener('dragover', over, { signal })
    document.addEventListener('dragleave', leave, { signal })
    document.addEventListener('drop', drop, { signal })
    return () => abort.abort()
  }, [isOver])
  return isOver.value
}
