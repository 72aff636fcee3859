/** What stands in a log that has no lines, and why a run could not run: never an empty page. */
import type { VNode } from 'preact'
import { displayText } from '../../../shared/display.ts'
import type { Run, Task } from '../../../shared/run.ts'
import { useApp } from '../../app/app-context.ts'
import { pageTexts } from '../../i18n/page-texts.ts'
import { text } from '../../i18n/text.ts'
import { Icon } from '../../ui/icon.tsx'
import { hostPath } from '../hosts/host-path.ts'
import { awayKind } from './away-hosts.ts'
import type { RunModel } from './run-model.ts'
import './log-state.css'
import { refusalWords } from '../../i18n/refusal-words.ts'
import { isFirstClick } from '../../ui/one-press.ts'

/** A running command that says nothing for this long may be holding its output back. */
const quietMs = 10_000

export function LogState({ model }: { readonly model: RunModel }): VNode | null {
  const run = model.run.value
  if (run === null) return null
  const { lines, now, lastLineAt } = model.figures.value
  const failed = run.tasks.filter(({ state }) => state === 'failed' || state === 'lost')
  if (lines === 0 && failed.length > 0) return <Failures tasks={failed} />
  if (lines === 0 && model.partials.value.size === 0) return <Empty run={run} now={now} />
  const isQuiet = lastLineAt > 0 && now - lastLineAt > quietMs
  // Who has paused reads; the way back to the end stands where the hint would.
  return mayHoldBack(run) && model.follow.value && isQuiet ? <QuietHint run={run} /> : null
}

/** Silence may be the program's doing: no terminal, and no other reason why nothing comes. */
function mayHoldBack({ state, mode, source, paused, tasks }: Run): boolean {
  const isOurs = paused !== null || tasks.some((task) => awayKind(task) !== null)
  return state === 'running' && mode !== 'pty' && source.kind === 'command' && !isOurs
}

function Failures({ tasks }: { readonly tasks: readonly Task[] }): VNode {
  return (
    <div class="log-state" role="status">
      {tasks.slice(0, 20).map((task) => (
        <article class="failure" key={task.id}>
          <h2>
            <Icon name="warn" />
            {(task.state === 'lost' ? pageTexts.value.lostTrack : pageTexts.value.couldNotRun)(
              displayText(task.host),
            )}
          </h2>
          <FailureWords task={task} />
          <a class="button small" href={hostPath(task.host)}>
            <Icon name="hosts" />
            {pageTexts.value.lookAtHost}
          </a>
        </article>
      ))}
    </div>
  )
}

function FailureWords({ task: { code, message } }: { readonly task: Task }): VNode {
  const { sentence, detail } = refusalWords({ code, message: message ?? '' })
  return (
    <>
      {detail !== null && <p class="failure-title">{sentence}</p>}
      <p class="failure-message">{detail ?? sentence}</p>
    </>
  )
}

function Empty({ run, now }: { readonly run: Run; readonly now: number }): VNode {
  const waited = now - Date.parse(run.createdAt)
  return (
    <div class="log-state quiet" role="status">
      <p>{emptyText(run)}</p>
      {mayHoldBack(run) && waited > quietMs && (
        <>
          <p>{pageTexts.value.quietHint}</p>
          <RunInTerminal run={run} />
        </>
      )}
    </div>
  )
}

function QuietHint({ run }: { readonly run: Run }): VNode {
  return (
    <div class="quiet-hint">
      <span>{pageTexts.value.quietHint}</span>
      <RunInTerminal run={run} />
    </div>
  )
}

function RunInTerminal({ run }: { readonly run: Run }): VNode {
  const app = useApp()
  return (
    <button
      type="button"
      class="button small"
      onClick={(event) => {
        if (isFirstClick(event)) void app.runAgain(run, { mode: 'pty' })
      }}
    >
      {pageTexts.value.runInTerminal}
    </button>
  )
}

function emptyText(run: Run): string {
  const t = text.value
  const all = run.tasks.length
  if (run.state === 'queued') return pageTexts.value.queuedText
  if (run.state === 'ended') {
    return run.outcome === 'succeeded' ? pageTexts.value.wroteNothingOk : t.wroteNothing
  }
  const ready = run.tasks.filter(({ startedAt }) => startedAt !== null).length
  return ready === 0 ? pageTexts.value.connectingTo(all) : pageTexts.value.noOutputYet(ready, all)
}
