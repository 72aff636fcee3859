/** What the whole page shares: route, session, the list of runs, the run in view, and what is typed. */
import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { FarglassApi } from '../../client/api.ts'
import { toAppError } from '../../shared/errors.ts'
import type { ListedRun } from '../../shared/listed-run.ts'
import type { HostList } from '../../shared/protocol/hosts.ts'
import type { Opening } from '../../shared/protocol/opening.ts'
import type { Mode, Run, RunId } from '../../shared/run.ts'
import type { RunOptions } from '../features/options/run-options.ts'
import { type SourceKind, typedOf } from '../features/runs/draft-source.ts'
import { type LinkedLines, RunModel } from '../features/runs/run-model.ts'
import { createViewHolder, type ViewHolder } from '../features/runs/view-holder.ts'
import { firstViewShown } from '../ui/first-view.ts'
import type { Sayable } from '../ui/said.tsx'
import { createPreferences, type Preferences } from './preferences.ts'
import { createRouter, type Router } from './router.ts'
import { createSession, type Session, takeFragmentToken } from './session.ts'
import { takeOpening } from './take-opening.ts'
import { watchFirstView } from './watch-first-view.ts'

/** How the output is read, as the command bar offers it. */
export type ReadMode = Mode | 'merged'

export interface Draft {
  readonly target: Signal<string>
  readonly source: Signal<SourceKind>
  /** The command, or what names the source: paths, a unit, a container. */
  readonly command: Signal<string>
  readonly mode: Signal<ReadMode>
  /** How it goes over its hosts, as it is typed. */
  readonly options: Signal<RunOptions>
  readonly problem: Signal<Sayable | null>
}

/** What stands over the page. */
export type Panel =
  | 'none'
  | 'sidebar'
  | 'inspector'
  | 'keys'
  | 'stop'
  | 'search'
  | 'filter'
  | 'line'

/** A run that waits until a person has said once more on how many hosts. */
export interface Confirm {
  readonly count: number
  readonly folded: string
  /** Those that want to be asked for. */
  readonly groups: readonly string[]
  /** What a saved command wants to be asked. */
  readonly question: string | null
  readonly answer: (isSure: boolean) => void
}

/** How a run is run once more; without a word as it was. */
export interface Again {
  readonly hosts?: 'failed'
  /** Not as before, but in a terminal. */
  readonly mode?: 'pty'
}

export interface AppModel {
  readonly router: Router
  readonly preferences: Preferences
  /** View, filters and search of the run in view. */
  readonly view: ViewHolder
  readonly session: Session
  readonly api: FarglassApi
  /** Newest first. */
  readonly runs: ReadonlySignal<readonly ListedRun[]>
  readonly current: ReadonlySignal<RunModel | null>
  /** Hosts of ssh_config and of runs; null until somebody has asked for them. */
  readonly hostList: ReadonlySignal<HostList | null>
  /** Rejects when they cannot be had. */
  readonly loadHosts: () => Promise<void>
  readonly draft: Draft
  /** The time, to the last refresh of the lists. */
  readonly now: ReadonlySignal<number>
  readonly toast: Signal<Sayable | null>
  readonly confirm: Signal<Confirm | null>
  readonly panel: Signal<Panel>
  /** What is typed into the palette as it opens; null while it is closed. */
  readonly palette: Signal<string | null>
  readonly refreshRuns: () => Promise<void>
  /** Starts what is typed and opens the run; the problem goes into the draft. */
  startRun(): Promise<void>
  /** Runs the same again, whatever is typed meanwhile. */
  runAgain(run: Run | ListedRun, how?: Again): Promise<void>
  /** Fills the command bar with it, to be changed before it runs again. */
  editAgain(run: Run): void
  stopRun(): Promise<void>
  readonly say: (message: Sayable) => void
}

const recentRunsMax = 50
const refreshMs = 15_000
const toastMs = 4_000

export function createAppModel(): AppModel {
  const token = takeFragmentToken()
  const router = createRouter()
  const preferences = createPreferences()
  // Who comes by a link may become somebody else by it.
  const opening = token === null ? takeOpening() : null
  const session = createSession(preferences.name, opening?.session ?? null)
  const { api } = session
  const { runs, now, refreshRuns } = createRunList(session)
  const current = signal<RunModel | null>(null)
  const toast = signal<Sayable | null>(null)
  const draft = emptyDraft()
  const confirm = signal<Confirm | null>(null)
  const say = createToast(toast)
  const open = async (run: Run | null): Promise<void> => {
    if (run === null) return
    const row = await listed(run)
    runs.value = [row, ...runs.value.filter(({ id }) => id !== run.id)]
    router.go(`/runs/${run.id}`)
    // What was typed is running: the keys belong to its page now.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  }
  const early = token === null && opening === null ? askEarly(api, router) : null
  watchRoute({ router, session, current, early, opening })
  watchCurrentRun({ current, runs, draft })
  watchFirstView({ router, session, current })
  keepFresh(session, refreshRuns)
  void session.start(token)
  return {
    router,
    preferences,
    view: createViewHolder(router),
    session,
    api,
    runs,
    current,
    ...createHostList(api),
    draft,
    now,
    toast,
    confirm,
    panel: signal<Panel>('none'),
    palette: signal<string | null>(null),
    refreshRuns,
    say,
    startRun: async () => open(await (await starting()).startDraft({ session, confirm, draft })),
    runAgain: async (run, how = {}) => {
      if (run.saved !== undefined && how.hosts === undefined) return askAnew(router, run)
      return open(await (await starting()).startAgain({ session, confirm, draft }, run, how))
    },
    editAgain: (run) => {
      if (run.saved !== undefined) return askAnew(router, run)
      fillDraft(draft, run)
      // On a phone the page of a run shows no more than its command.
      if (matchMedia('(max-width: 640px)').matches) router.go('/')
      document.getElementById('command')?.focus()
    },
    stopRun: () => stopModel(api, current.value, say),
  }
}

/** The newest runs, and when they were asked for. */
function createRunList({ api, info }: Session) {
  const runs = signal<readonly ListedRun[]>([])
  const now = signal(Date.now())
  const readRuns = async (): Promise<void> => {
    try {
      await firstViewShown
      runs.value = await api.list({ limit: recentRunsMax })
    } catch {
      // The list is a convenience: the next round brings it.
    }
  }
  // Several parts want it anew when a run is opened: one request does.
  let reading: Promise<void> | null = null
  const refreshRuns = (): Promise<void> => {
    now.value = Date.now()
    if (info.value?.signedIn !== true || document.hidden) return Promise.resolve()
    reading ??= readRuns().finally(() => {
      reading = null
    })
    return reading
  }
  return { runs, now, refreshRuns }
}

/** The list of runs comes with the login, and anew every now and then. */
function keepFresh(session: Session, refreshRuns: () => Promise<void>): void {
  effect(() => {
    if (session.info.value?.signedIn === true) void refreshRuns()
  })
  setInterval(() => void refreshRuns(), refreshMs)
}

function createHostList(api: FarglassApi): Pick<AppModel, 'hostList' | 'loadHosts'> {
  const hostList = signal<HostList | null>(null)
  const loadHosts = async (): Promise<void> => {
    hostList.value = await api.hosts()
  }
  return { hostList, loadHosts }
}

interface EarlyRun {
  readonly id: RunId
  /** Null when it could not be had: it is asked for again once we are known. */
  readonly run: Promise<Run | null>
}

/** Who opens a link to a run is most often signed in: its run is asked for beside the question who we are. */
function askEarly(api: FarglassApi, router: Router): EarlyRun | null {
  const route = router.route.peek()
  if (route.kind !== 'run') return null
  return { id: route.id, run: api.get(route.id).catch(() => null) }
}

/** Opens and closes the run in view as the address changes; opens it anew after signing in. */
function watchRoute(parts: {
  readonly router: Router
  readonly session: Session
  readonly current: Signal<RunModel | null>
  readonly early: EarlyRun | null
  readonly opening: Opening | null
}): void {
  const { router, session, current, early } = parts
  let { opening } = parts
  effect(() => {
    const route = router.route.value
    const isSignedIn = session.info.value?.signedIn === true
    const open = current.peek()
    if (route.kind !== 'run') {
      open?.close()
      current.value = null
      return
    }
    if (open?.id === route.id) {
      if (isSignedIn) goOn(open, route.lines)
      return
    }
    open?.close()
    const { id, lines: linked } = route
    const known = knownOf(id, early, opening)
    opening = null
    const { api, name } = session
    current.value = isSignedIn ? new RunModel({ api, name, id, linked, ...known }) : null
  })
}

/** What is here of a run, or on its way, when it is opened. */
function knownOf(id: RunId, early: EarlyRun | null, opening: Opening | null) {
  if (opening?.run.id === id) return { opening }
  return early?.id === id ? { early: early.run } : {}
}

/** The run in view stays: after signing in it reads on, and a link to other lines of it shows them. */
function goOn(open: RunModel, lines: LinkedLines | null): void {
  if (open.connection.peek().kind === 'signed-out') open.retryNow()
  if (lines !== null && lines.line !== open.selected.peek()) open.select(lines)
}

/** The list shows the run in view as it is now, and the command bar what it runs. */
function watchCurrentRun(parts: {
  readonly current: ReadonlySignal<RunModel | null>
  readonly runs: Signal<readonly ListedRun[]>
  readonly draft: Draft
}): void {
  const { current, runs, draft } = parts
  let filled: RunModel | null = null
  effect(() => {
    const model = current.value
    const run = model?.run.value ?? null
    if (model === null || run === null) return
    const shown = firstViewShown.then(() => listed(run))
    void shown.then((row) => {
      runs.value = runs.value.map((known) => (known.id === row.id ? row : known))
    }, ignored)
    if (filled === model) return
    filled = model
    fillDraft(draft, run)
  })
}

/** As the list has it. */
async function listed(run: Run): Promise<ListedRun> {
  return (await import('../../shared/listed-run.ts')).listedRun(run)
}

function emptyDraft(): Draft {
  return {
    target: signal(''),
    source: signal<SourceKind>('command'),
    command: signal(''),
    mode: signal<ReadMode>('durable'),
    options: signal<RunOptions>({}),
    problem: signal<Sayable | null>(null),
  }
}

/** Nothing of it is needed before somebody runs something. */
const starting = () => import('./start-run.ts')

async function stopModel(
  api: FarglassApi,
  model: RunModel | null,
  say: (problem: Sayable) => void,
): Promise<void> {
  try {
    if (model !== null) model.takeRun(await api.stop(model.id))
  } catch (thrown) {
    say(toAppError(thrown))
  }
}

function fillDraft(draft: Draft, run: Run): void {
  draft.target.value = run.target
  draft.source.value = run.source.kind
  // That of a saved command is no command by itself.
  draft.command.value = run.saved === undefined ? typedOf(run.source) : ''
  draft.mode.value = run.merged ? 'merged' : run.mode
  const parts = firstViewShown.then(() => import('../features/options/run-options.ts'))
  void parts.then(
    ({ optionsOf }) => {
      draft.options.value = optionsOf(run)
    },
    // Without them a run has its usual options.
    ignored,
  )
  draft.problem.value = null
}

/** What only makes the page a little better. */
function ignored(): void {}

/** The parameters of a saved command are asked for again: its command by itself would run without them. */
function askAnew(router: Router, { id, saved }: Pick<Run, 'id' | 'saved'>): void {
  router.go(`/saved?run=${saved?.name ?? ''}&again=${id}`)
}

function createToast(toast: Signal<Sayable | null>): (message: Sayable) => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  return (message) => {
    toast.value = message
    clearTimeout(timer)
    timer = setTimeout(() => {
      toast.value = null
    }, toastMs)
  }
}
