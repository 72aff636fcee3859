/** Every route of the server, in the order of the OpenAPI document. */
import type { Route } from '../parts.ts'
import { alertRoutes } from './alerts.ts'
import { answerQuestion } from './answer-question.ts'
import { articleRun } from './article-run.ts'
import { articleStream } from './article-stream.ts'
import { completeSource } from './complete-source.ts'
import { exportRun } from './export-run.ts'
import { getRun } from './get-run.ts'
import { runGroups, streamGroups } from './groups.ts'
import { health } from './health.ts'
import { histogram } from './histogram.ts'
import { checkHost, checkHosts, getHost, listHosts, putHost, removeHost } from './hosts.ts'
import { listRuns } from './list-runs.ts'
import { marks } from './marks.ts'
import { metrics } from './metrics.ts'
import { page } from './page.ts'
import { pinRun } from './pin-run.ts'
import { rawOutput } from './raw-output.ts'
import { readLines } from './read-lines.ts'
import { removeRun } from './remove-run.ts'
import { rerunRun } from './rerun-run.ts'
import { retention } from './retention.ts'
import { runFiles } from './run-files.ts'
import { exportCommands, importCommands, listCommands, savedCommand } from './saved-commands.ts'
import { scheduleRoutes } from './schedules.ts'
import { searchRun } from './search-run.ts'
import { secretKeys } from './secret-keys.ts'
import { session, signIn, signOut } from './session.ts'
import { startRun } from './start-run.ts'
import { stopRun } from './stop-run.ts'
import { streamFirings } from './stream-firings.ts'
import { streamRun } from './stream-run.ts'
import { streamRuns } from './stream-runs.ts'
import { listGroups, previewTarget } from './targets.ts'

import { triggerRoutes } from './triggers.ts'

export const routes: readonly Route[] = [
  startRun,
  listRuns,
  getRun,
  stopRun,
  rerunRun,
  removeRun,
  pinRun,
  answerQuestion,
  readLines,
  marks,
  streamRun,
  streamRuns,
  rawOutput,
  exportRun,
  runFiles,
  searchRun,
  histogram,
  runGroups,
  streamGroups,
  retention,
  secretKeys,
  listHosts,
  getHost,
  putHost,
  removeHost,
  checkHost,
  listCommands,
  exportCommands,
  importCommands,
  savedCommand,
  completeSource,
  checkHosts,
  previewTarget,
  listGroups,
  articleRun,
  articleStream,
  ...alertRoutes,
  streamFirings,
  ...scheduleRoutes,
  ...triggerRoutes,
  signIn,
  signOut,
  session,
  health,
  metrics,
  page,
]
