/** Checks the way to many hosts, tells how far it is, and what came of it. */
import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { type AppError, toAppError } from '../../../shared/errors.ts'
import { foldHosts } from '../../../shared/host-set.ts'
import { useApp } from '../../app/app-context.ts'
import { hostsText } from '../../i18n/hosts-text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Said } from '../../ui/said.tsx'

interface Progress {
  readonly all: number
  readonly ok: number
  readonly failed: number
  readonly isDone: boolean
}

export function CheckMany({ names }: { readonly names: readonly string[] }): VNode {
  const { api, loadHosts } = useApp()
  const h = hostsText.value
  const progress = useSignal<Progress | null>(null)
  const problem = useSignal<AppError | null>(null)
  const abort = useRef<AbortController | null>(null)
  useEffect(() => () => abort.current?.abort(), [])
  const check = async (): Promise<void> => {
    const controller = new AbortController()
    abort.current = controller
    problem.value = null
    progress.value = { all: names.length, ok: 0, failed: 0, isDone: false }
    try {
      for await (const { ok } of api.checkHosts(foldHosts(names), controller.signal)) {
        progress.value = counted(progress.value, ok)
      }
    } catch (thrown) {
      if (!controller.signal.aborted) problem.value = toAppError(thrown)
    }
    progress.value = { ...progress.value, isDone: true }
    // What was found is kept with the hosts.
    await loadHosts().catch(() => {})
  }
  const { value } = progress
  const isBusy = value !== null && !value.isDone
  return (
    <>
      <button
        type="button"
        class="button"
        onClick={() => {
          if (isBusy) abort.current?.abort()
          else void check()
        }}
      >
        <Icon name={isBusy ? 'stopped' : 'plug'} />
        {isBusy ? h.stopChecking : h.checkThese(names.length)}
      </button>
      <span class="hosts-progress" role="status">
        {value !== null &&
          (isBusy
            ? h.checking(value.ok + value.failed, value.all)
            : h.checkedAll(value.ok, value.failed))}
      </span>
      {problem.value !== null && (
        <Notice tone="err">
          <Said of={problem.value} />
        </Notice>
      )}
    </>
  )
}

function counted(progress: Progress, isOk: boolean): Progress {
  return isOk ? { ...progress, ok: progress.ok + 1 } : { ...progress, failed: progress.failed + 1 }
}
