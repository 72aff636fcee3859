/** The one table of metrics: name, kind, labels and meaning of every figure at `/metrics`. */
export interface MetricSpec {
  /** `counter` only goes up, `gauge` moves, `histogram` counts values by size. */
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** Names of its labels, each with all values that it can have, or null when users choose them. */
  readonly labels?: Readonly<Record<string, readonly string[] | null>>
  /** Upper bounds of a histogram's buckets, ascending; one without bound follows. */
  readonly buckets?: readonly number[]
}

/** Names as Prometheus wants them: the unit at the end, `_total` for counters. Released names stay. */
export const metricTable = {
  process_start_time_seconds: {
    kind: 'gauge',
    help: 'When the process started, in seconds since 1970.',
  },
  process_cpu_seconds_total: {
    kind: 'counter',
    help: 'CPU time of the process, its threads included, in seconds.',
  },
  process_resident_memory_bytes: {
    kind: 'gauge',
    help: 'Memory of the process that is in RAM. Its ssh processes are not in it.',
  },
  process_open_fds: {
    kind: 'gauge',
    help: 'Open file descriptors, where the system tells them (Linux).',
  },
  farglass_info: {
    kind: 'gauge',
    help: 'Always 1; its label tells the version.',
    labels: { version: null },
  },
  farglass_event_loop_lag_p99_seconds: {
    kind: 'gauge',
    help: 'How late the event loop was, 99th percentile since the reading before.',
  },
  farglass_event_loop_lag_max_seconds: {
    kind: 'gauge',
    help: 'How late the event loop was at most since the reading before.',
  },
  farglass_runs: {
    kind: 'gauge',
    help: 'Runs that this process carries and that have not ended, by state.',
    labels: { state: ['queued', 'running', 'stopping'] },
  },
  farglass_runs_paused: {
    kind: 'gauge',
    help: 'Runs of these that wait for the store: its disk is full.',
  },
  farglass_runs_ended_total: {
    kind: 'counter',
    help: 'Runs that this process has carried to their end, by outcome.',
    labels: { outcome: ['succeeded', 'failed', 'stopped', 'lost'] },
  },
  farglass_tasks: {
    kind: 'gauge',
    help: 'Tasks of the runs in farglass_runs that are in no final state, by state.',
    labels: {
      state: ['queued', 'connecting', 'needs-input', 'running', 'reconnecting', 'stopping'],
    },
  },
  farglass_tasks_ended_total: {
    kind: 'counter',
    help: 'Tasks of the runs in farglass_runs_ended_total, by final state.',
    labels: { state: ['ended', 'failed', 'lost'] },
  },
  farglass_stored_lines_total: {
    kind: 'counter',
    help: 'Lines of stdout and stderr that were committed.',
  },
  farglass_stored_bytes_total: {
    kind: 'counter',
    help: 'Bytes of these lines.',
  },
  farglass_commit_seconds: {
    kind: 'histogram',
    help: 'Time from handing a batch to the store until it is committed.',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  },
  farglass_commit_failures_total: {
    kind: 'counter',
    help: 'Times that the store refused a batch: its disk is full or has failed, or another process has the run.',
  },
  farglass_gaps_total: {
    kind: 'counter',
    help: 'Notes of bytes that could not be had any more.',
  },
  farglass_reconnects_total: {
    kind: 'counter',
    help: 'Tasks that went on after their SSH connection had been lost.',
  },
  farglass_hot_bytes: {
    kind: 'gauge',
    help: 'Memory that the runs which this process carries take in Redis.',
  },
  farglass_archived_ranges_total: {
    kind: 'counter',
    help: 'Files that this process has put into the archive.',
  },
  farglass_archived_lines_total: {
    kind: 'counter',
    help: 'Lines in them.',
  },
  farglass_archived_bytes_total: {
    kind: 'counter',
    help: 'Bytes of these files.',
  },
  farglass_removed_lines_total: {
    kind: 'counter',
    help: 'Lines that were removed because their run was too large for Redis and there is no archive.',
  },
  farglass_retention_removed_runs_total: {
    kind: 'counter',
    help: 'Runs whose lines were removed by retention.',
  },
  farglass_retention_removed_bytes_total: {
    kind: 'counter',
    help: 'Bytes of these lines.',
  },
  farglass_retention_failures_total: {
    kind: 'counter',
    help: 'Looks of retention that could not remove what they should: it is tried again.',
  },
  farglass_seal_failures_total: {
    kind: 'counter',
    help: 'Times that lines could not be moved out of Redis: the archive is full or away, or Redis is.',
  },
  farglass_archive_reads_total: {
    kind: 'counter',
    help: 'Files of the archive that this process has read for those who look at older lines.',
  },
  farglass_nodes: {
    kind: 'gauge',
    help: 'Living nodes that share the Redis, this one included, as it saw them last.',
  },
  farglass_take_overs_total: {
    kind: 'counter',
    help: 'Runs that this process has taken over from one that was gone.',
  },
  farglass_fenced_runs_total: {
    kind: 'counter',
    help: 'Runs that this process has let go of, as another one had taken them over.',
  },
  farglass_fenced_writes_total: {
    kind: 'counter',
    help: 'Batches that the store refused because another process had taken their run over.',
  },
  farglass_foreign_runs: {
    kind: 'gauge',
    help: 'Runs of other nodes that are followed at this one.',
  },
  farglass_foreign_rings_total: {
    kind: 'counter',
    help: 'Times that this process heard of news of these runs.',
  },
  farglass_foreign_reads_total: {
    kind: 'counter',
    help: 'Times that it then read their lines from the store.',
  },
  farglass_redis_seconds: {
    kind: 'histogram',
    help: 'Time from sending a command to Redis until its answer.',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  },
  farglass_redis_failures_total: {
    kind: 'counter',
    help: 'Commands that Redis has refused, or not answered in time.',
    labels: { reason: ['refused', 'unanswered'] },
  },
  farglass_redis_reconnects_total: {
    kind: 'counter',
    help: 'Times that the connection to Redis stood again after it had broken.',
  },
  farglass_viewers: {
    kind: 'gauge',
    help: 'Open streams.',
  },
  farglass_viewer_queued_bytes: {
    kind: 'gauge',
    help: 'Bytes that wait in the sockets of all viewers.',
  },
  farglass_viewers_cut_total: {
    kind: 'counter',
    help: 'Streams that the server has cut: the reader took nothing, its login ended, reading the store failed, or the server went.',
    labels: { reason: ['stalled', 'signed-out', 'failed', 'shutdown'] },
  },
  farglass_alert_runs: {
    kind: 'gauge',
    help: 'Runs that are judged for alerts here.',
  },
  farglass_alerts_fired_total: {
    kind: 'counter',
    help: 'Times that alerts have fired here, by what they wait for.',
    labels: { kind: ['lines', 'end', 'test'] },
  },
  farglass_alert_skipped_lines_total: {
    kind: 'counter',
    help: 'Lines that alerts have passed over because their patterns took too long.',
  },
  farglass_webhook_messages_total: {
    kind: 'counter',
    help: 'Messages to webhooks that are through, after one try or several.',
    labels: { kind: ['slack', 'discord', 'ntfy', 'json'], result: ['delivered', 'failed'] },
  },
  farglass_scheduled_starts_total: {
    kind: 'counter',
    help: 'Times of schedules that were settled here, by what became of them.',
    labels: { result: ['started', 'skipped', 'missed', 'failed'] },
  },
  farglass_automation_failures_total: {
    kind: 'counter',
    help: 'Times that alerts could not be judged or told, or schedules not be looked at: it is tried again, and the log says why.',
    labels: { part: ['alerts', 'schedules'] },
  },
  farglass_canary_good: {
    kind: 'gauge',
    help: 'Whether the newest canary of the host was good: 1, or 0 when it was not.',
    labels: { host: null },
  },
  farglass_canary_last_good_timestamp_seconds: {
    kind: 'gauge',
    help: 'When the last good canary of the host ended, in seconds since 1970.',
    labels: { host: null },
  },
  farglass_canary_checks_total: {
    kind: 'counter',
    help: 'Canaries of the host.',
    labels: { host: null, result: ['good', 'bad'] },
  },
  farglass_canary_sent_lines_total: {
    kind: 'counter',
    help: 'Lines that canaries of the host have sent.',
    labels: { host: null },
  },
  farglass_canary_faulty_lines_total: {
    kind: 'counter',
    help: 'Lines of these that did not come as they were sent.',
    labels: { host: null, fault: ['lost', 'duplicated', 'reordered', 'damaged'] },
  },
  farglass_canary_latency_p50_seconds: {
    kind: 'gauge',
    help: 'From the print on the host to the reader, at most, median of the newest canary.',
    labels: { host: null },
  },
  farglass_canary_latency_p99_seconds: {
    kind: 'gauge',
    help: 'The same, 99th percentile.',
    labels: { host: null },
  },
} as const

type Table = typeof metricTable

/** Names of the metrics of a kind. */
export type MetricName<Kind extends MetricSpec['kind'] = MetricSpec['kind']> = {
  readonly [Name in keyof Table]: Table[Name]['kind'] extends Kind ? Name : never
}[keyof Table]
