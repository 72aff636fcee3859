/** Every limit of the system: its unit is in its name, its reason in its comment. */
export const limits = {
  /** A stored line is cut into segments of this size, so that one endless line cannot take the memory. */
  lineSegmentBytesMax: 1024 * 1024,
  /** One batch, one stored row, one stream event: large enough to amortise, small enough to show at once. */
  batchBytesMax: 64 * 1024,
  /** Second bound of a batch: keeps the work per event even when lines are very short. */
  batchLinesMax: 1_000,
  /** Text of one line in a stream event or a page; the rest is fetched by position from `raw`. */
  wireLineBytesMax: 64 * 1024,
  /** Batches of one run that may wait for their commit; over it the SSH session is paused. */
  uncommittedBytesMax: 2 * 1024 * 1024,
  /** Hot tail of a live run kept in memory for its viewers; and of all of them together. */
  feedTailBytesMax: 2 * 1024 * 1024,
  feedTailBytesMin: 256 * 1024,
  feedTailsBytesMax: 64 * 1024 * 1024,
  /**
   * How long lines of one run wait to be joined into one event, per viewer: fan-out costs 15 to 60 us
   * per viewer and event, so a wait that grows with the viewers bounds it to a share of one core.
   */
  flushDelayPerViewerMs: 0.2,
  /** Upper end of that wait: not seen by an eye. */
  flushDelayMsMax: 50,
  /** A partial line (a prompt) is shown when no newline has come for this long. */
  partialDelayMs: 200,
  /** Text of a partial line that is shown; a longer one shows its end. */
  partialBytesMax: 4 * 1024,
  /** Bytes waiting in one viewer's socket; over it the viewer lags and is sent nothing until it drains. */
  viewerBufferBytesMax: 256 * 1024,
  /** A viewer whose socket has not drained for this long is cut; it resumes by cursor. */
  viewerStallMs: 60_000,
  /** Comment on a silent stream: well under the 60 s after which proxies give up. */
  heartbeatMs: 15_000,
  /** Viewers of one run and of one process: 15 kB each. */
  viewersPerRunMax: 1_024,
  viewersMax: 10_000,
  /** Runs of one multiplexed stream: their cursors must fit into an address. */
  runsPerStreamMax: 64,
  /** One cold read of the store: several events' worth, so that a late joiner is not bound by round trips. */
  catchUpBytesMax: 512 * 1024,
  /** Cold reads of one run kept for viewers that catch up behind each other. */
  catchUpCachedMax: 8,
  /** Cold reads under way at once, so that a storm of late joiners does not starve live viewers. */
  catchUpReadsMax: 8,
  /** Running runs and tasks in all; more are queued. */
  runsActiveMax: 512,
  runsQueuedMax: 10_000,
  /** Hosts that one run may name. */
  tasksPerRunMax: 1_000,
  /** Hosts of one run worked on at once, unless the request says otherwise. */
  fanoutDefault: 32,
  /** sshd drops handshakes from the 10th on (MaxStartups 10:30:100). */
  handshakesPerHostMax: 8,
  /** sshd refuses the 11th channel (MaxSessions 10); two are kept free for stop and probe. */
  channelsPerConnectionMax: 8,
  /** TCP connect and SSH handshake. */
  connectTimeoutMs: 10_000,
  /** Keepalive of the SSH connection: a dead peer is noticed after 15 to 20 s. */
  keepaliveIntervalS: 5,
  keepaliveCountMax: 3,
  /** A question to a person (password, host key) is withdrawn after this long. */
  questionTimeoutMs: 120_000,
  /** An idle SSH connection is kept for the next run. */
  connectionIdleMs: 60_000,
  /** From TERM to KILL. */
  stopGraceMs: 10_000,
  /** From asking for the proof to giving up on the host. */
  stopProofTimeoutMs: 20_000,
  /** Output that is still open this long after the command has exited is explained by a note. */
  openOutputNoteMs: 3_000,
  /** From TERM to KILL when the server itself goes: it must be gone within `shutdownMs`. */
  shutdownGraceMs: 1_500,
  /** A run of another process on the same data directory is looked at this often. */
  foreignRunPollMs: 250,
  /** Command text of one run; larger programs belong into a file on the host. */
  commandBytesMax: 48 * 1024,
  /** Body of any request. */
  bodyBytesMax: 64 * 1024,
  /** Page of lines by position. */
  pageLinesMax: 1_000,
  pageBytesMax: 1024 * 1024,
  /** Page of the run list. */
  runsPageMax: 200,
  /** Text a host controls outside its output: prompts, banners, error texts. */
  hostTextCharsMax: 400,
  /** First-start token: one use, and gone after this. */
  firstStartTokenMs: 10 * 60_000,
  /** Browser sessions. */
  sessionIdleMs: 12 * 3_600_000,
  sessionAgeMs: 7 * 24 * 3_600_000,
  /** Tries of a login or token exchange per minute and address. */
  loginTriesPerMinuteMax: 5,
  /** Wait between syncs with `--sync interval`. */
  syncIntervalMs: 50,
  /** From SIGTERM to exit. */
  shutdownMs: 5_000,
} as const
