/** Every limit of the system: its unit is in its name, its reason in its comment. */
import { sharedStoreLimits } from './shared-store-limits.ts'

export const limits = {
  ...sharedStoreLimits,
  /** A stored line is cut into segments of this size, so that one endless line cannot take the memory. */
  lineSegmentBytesMax: 1024 * 1024,
  /** One batch, one stored row, one stream event: large enough to amortise, small enough to show at once. */
  batchBytesMax: 64 * 1024,
  /** Second bound of a batch: keeps the work per event even when lines are very short. */
  batchLinesMax: 1_000,
  /** Text of one line in a stream event or a page; the rest is fetched by position from `raw`. */
  wireLineBytesMax: 64 * 1024,
  /** One event as a client takes it: a batch whose bytes JSON makes six each is far under this. */
  eventCharsMax: 8 * 1024 * 1024,
  /** Batches of one run that may wait for their commit; over it the SSH session is paused. */
  uncommittedBytesMax: 2 * 1024 * 1024,
  /**
   * Output of one session that the host may send before it is read, and then it pauses: at 100 ms to
   * the host and back still 10 MB/s, and 200 held sessions are 200 MiB.
   */
  sessionWindowBytes: 1024 * 1024,
  /** Data in one message of a session, as ssh itself has it. */
  sessionPacketBytesMax: 32 * 1024,
  /** The control socket of ssh carries messages up to this size (its own limit). */
  controlPacketBytesMax: 256 * 1024,
  /** Text that a command of ours may still have to write to its terminal or pipe. */
  cliOutputBytesMax: 1024 * 1024,
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
  /** A viewer whose socket has taken nothing for this long, at most twice as long, is cut; it resumes by cursor. */
  viewerStallMs: 60_000,
  /** Comment on a silent stream: well under the 60 s after which proxies give up. */
  heartbeatMs: 15_000,
  /** A stream that says nothing for this long is dead for its client: three heartbeats are missing. */
  streamSilenceMs: 45_000,
  /** A stream of which nothing has come for this long, its head neither, may be held back: it is sent at once. */
  streamFirstMs: 5_000,
  /** The same of one that has begun: a heartbeat should have come some seconds ago. */
  streamLateMs: 20_000,
  /** Events on their way to one tab, in characters: over it the tab lags, and reads on by pages. */
  tabCharsMax: 8 * 1024 * 1024,
  /** A tab that is this many lines behind the stream that it shares reads up by pages first. */
  tabLinesBehindMax: 10_000,
  /** Wait of a client before it asks again: shortest, doubled each time, and longest. */
  reconnectMsMin: 250,
  reconnectMsMax: 10_000,
  /** Viewers of one run and of one process: 15 kB each. */
  viewersPerRunMax: 1_024,
  viewersMax: 10_000,
  /** Of the name that a viewer gives, and names of a run that are told: as many as anybody reads. */
  viewerNameCharsMax: 40,
  viewerNamesMax: 20,
  /** Marked lines of one run: all of them travel in one event. */
  marksPerRunMax: 200,
  /** Viewers who come and go within this time are told of together: a reconnect is no news. */
  viewersSettleMs: 500,
  /** A node says this often who watches there, and is not counted after three times of silence. */
  viewersTellMs: 10_000,
  /** Runs of one multiplexed stream: their cursors must fit into an address. */
  runsPerStreamMax: 64,
  /** One cold read of the store: several events' worth, so that a late joiner is not bound by round trips. */
  catchUpBytesMax: 512 * 1024,
  /** Cold reads of one run kept for viewers that catch up behind each other. */
  catchUpCachedMax: 8,
  /** Cold reads under way at once, so that a storm of late joiners does not starve live viewers. */
  catchUpReadsMax: 8,
  /** Runs that are under way, and those that wait for that. */
  runsActiveMax: 512,
  runsQueuedMax: 10_000,
  /** Hosts that one run may name. */
  tasksPerRunMax: 1_000,
  /** Longest time that a run or task can be given: what a timer can hold, 24 days. */
  timeoutMsMax: 2 ** 31 - 1,
  /** Names that a target may stand for before some are taken out: worked out in some milliseconds. */
  targetNamesMax: 10_000,
  /** Parts of a target, and patterns that it stands for: each is held against every known host. */
  targetTermsMax: 2_000,
  /** The times of a run are looked at this often at least: the wall clock may jump. */
  planLookMsMax: 60_000,
  /** Hosts that are known here: all of them are held against every pattern, and go into one answer. */
  inventoryHostsMax: 10_000,
  /** A file of them: far over what so many hosts take. */
  inventoryFileBytesMax: 4 * 1024 * 1024,
  /** Groups or tags of one host, the characters of each, and those of its note. */
  labelsPerHostMax: 64,
  labelCharsMax: 100,
  noteCharsMax: 1_000,
  /** Hosts that are checked at once: each takes a handshake and some processes here. */
  hostChecksMax: 16,
  /** Hosts of one run worked on at once, unless the request says otherwise. */
  fanoutDefault: 32,
  /** sshd drops handshakes from the 10th on (MaxStartups 10:30:100). */
  handshakesPerHostMax: 8,
  /** Logins under way at once for each core of this machine, to whatever servers: each computes for 10 to 200 ms. */
  loginsPerCoreMax: 4,
  /** sshd refuses the 11th channel (MaxSessions 10); two are kept free for stop and probe. */
  channelsPerConnectionMax: 8,
  /** TCP connect and SSH handshake. */
  connectTimeoutMs: 10_000,
  /** TCP, key exchange and login without the time that people take; ssh's own limits come earlier. */
  loginTimeoutMs: 45_000,
  /** A host under load drops handshakes at random, so a login is tried again, after a wait that doubles. */
  loginTriesMax: 6,
  loginRetryMsMin: 100,
  loginRetryMsMax: 3_000,
  /** Keepalive of the SSH connection: a dead peer is noticed after 15 to 20 s. */
  keepaliveIntervalS: 5,
  keepaliveCountMax: 3,
  /** A question to a person (password, host key) is withdrawn after this long. */
  questionTimeoutMs: 120_000,
  /** An idle SSH connection is kept for the next run. */
  connectionIdleMs: 60_000,
  /** A durable command that has not shown up on its host after this long is not waited for. */
  startAnswerMs: 10_000,
  /** Sessions that end before a durable command is heard of; after so many it is not tried again. */
  startTriesMax: 5,
  /** How long the host may take to remove what it has kept of a task that is stored. */
  releaseMs: 2_000,
  /** Free space that a host must have for the output of a durable run, or else it is run plain. */
  spoolFreeBytesMin: 64 * 1024 * 1024,
  /** A host that could hold a durable run is not looked at again for so long: each look starts programs there. */
  durableFitMs: 60_000,
  /** A durable command that runs for longer is followed while it runs: what ends sooner is sent at its end. */
  shortCommandMs: 30,
  /** Output of a durable run that may wait on its host; over it the command is held back, as by a full pipe. */
  spoolBytesMax: 1024 * 1024 * 1024,
  /** How often the host looks how much that is. */
  spoolCheckMs: 5_000,
  /** So much more is stored before the host is told that it may give the space back. */
  spoolKeptBytes: 64 * 1024 * 1024,
  /** Output of an ended durable run that was never fetched is removed from its host after this. */
  spoolAgeDays: 7,
  /** Waits between tries to reach a host again: shortest, doubled each time, and longest. */
  hostRetryMsMin: 500,
  hostRetryMsMax: 30_000,
  /** Bytes of a followed file in one frame: a frame is held until its host says that it counts. */
  followFrameBytesMax: 256 * 1024,
  /** Bytes of all followed files of a task that may be held so. */
  followRoundBytesMax: 512 * 1024,
  /** How far back the last lines of a file are looked for. */
  followBackBytesMax: 64 * 1024 * 1024,
  /** A program goes on writing to a renamed file until it is told to open the new one. */
  followLateMs: 30_000,
  /** Files that one task follows: each costs its host some microseconds of every look. */
  followedFilesMax: 500,
  /** How long a host is tried on that may still run a plain command whose connection has broken. */
  leftoverMs: 10 * 60_000,
  /** From TERM to KILL. */
  stopGraceMs: 10_000,
  /** A stop that comes during the start waits this long for the command to be there. */
  startPatienceMs: 2_000,
  /** Words of a host before the command starts; over it no POSIX sh can be behind them. */
  beforeStartBytesMax: 1024 * 1024,
  /** After a stop, output that a process outside the group still holds open is left after this. */
  heldOutputMs: 30_000,
  /** From asking for the proof to giving up on the host. */
  stopProofTimeoutMs: 20_000,
  /** Output that is still open this long after the command has exited is explained by a note. */
  openOutputNoteMs: 3_000,
  /** From TERM to KILL of what is left of a plain command when its run or its connection has ended. */
  abandonedGraceMs: 3_000,
  /** From TERM to KILL when the server itself goes: it must be gone within `shutdownMs`. */
  shutdownGraceMs: 1_500,
  /** What a full disk did not take is offered to the store again this often. */
  storeRetryMs: 2_000,
  /** A run of another process on the same data directory is looked at this often. */
  foreignRunPollMs: 250,
  /** One that is followed is looked at this often even if nothing is heard of it: a bell may get lost. */
  foreignRunLookMs: 2_000,
  /** A change of a task waits so long for a line that carries it to the store. */
  taskStateDelayMs: 100,
  /** How often a server looks for runs whose process is gone, give or take a quarter. */
  takeOverEveryMs: 1_000,
  /** Runs of a dead process that one node takes over at a time: each costs the store two answers, and a host a connection. */
  takeOversAtOnce: 8,
  /** A node that has said nothing for so long is dead, together with the doubt: its runs go on within 10 s. */
  nodeLeaseMs: 5_000,
  /** How often it says so: three times, before anybody would miss it. */
  nodeRenewMs: 1_500,
  /** How often a node counts the living ones for /metrics: one small question to Redis for each. */
  nodeCountEveryMs: 5_000,
  /** A lease is missing for so long before it counts: Redis may have lost it, and its node is about to say so. */
  nodeDoubtMs: 2_000,
  /** A node that is asked for something answers within this, or is taken for gone. */
  nodeAskMs: 5_000,
  /** Until then it is asked again: what is said while it is not listening is lost. */
  nodeAskAgainMs: 500,
  /** Lines of stdout of one canary; its figures fit into 31 bits, and it is read in seconds. */
  canaryLinesMax: 100_000,
  /** A canary waits so long for its way to a host (a person may be asked), and for its lines. */
  canaryOpenMs: 150_000,
  canaryMs: 60_000,
  /** Shortest time between two canaries of "farglass serve": each is two runs on each host. */
  canaryEveryMsMin: 5_000,
  /** Command text of one run; larger programs belong into a file on the host. */
  commandBytesMax: 48 * 1024,
  /** Files that one run follows, and all of their paths: they travel as a command does. */
  pathsPerRunMax: 64,
  pathsBytesMax: 48 * 1024,
  /** Name of a systemd unit or a container: what both allow. */
  sourceNameCharsMax: 255,
  /** Last lines of a followed source that come first: what `tail` gives, and what is still quick. */
  followedLinesDefault: 10,
  followedLinesMax: 100_000,
  /** Between two looks whether a container that has stopped runs again. */
  containerPollSeconds: 2,
  /** A container that prints nothing for so long is asked for anew: its reader may hang. */
  containerSilenceMs: 60_000,
  /** What one channel of a container may be ahead of the other: far over what the pipes between hold. */
  containerSkewBytes: 1024 * 1024,
  /** Fields of a request: far over what ssh takes, small enough for a log and an error. */
  targetCharsMax: 32 * 1024,
  hostCharsMax: 300,
  /** Hosts in the sentence that asks for a confirmation: what fits on a screen beside its question. */
  confirmedHostsChars: 500,
  /** A secret that was sealed just before the keys turned is in the store after this: a sync of a slow disk, many times over. */
  secretsSettleMs: 1_000,
  userCharsMax: 100,
  secretCharsMax: 1_024,
  /** A value given to a saved command: a note or a small file, well under what one environment variable holds. */
  parameterCharsMax: 16 * 1024,
  /** Numbers given to a saved command, up and down: all that JavaScript keeps exactly, in 15 digits. */
  parameterNumberMax: 1e15 - 1,
  /** Parameters of a saved command: more is a form that nobody fills in. Choices and targets of one of them. */
  parametersMax: 64,
  parameterChoicesMax: 500,
  /** Names of saved commands, parameters and tags, labels and the question before a start: to be read at a glance. */
  savedNameCharsMax: 64,
  savedLabelCharsMax: 200,
  savedTextCharsMax: 2_000,
  savedTagsMax: 20,
  /** A regular expression of a parameter may take this long on a value: others wait for it meanwhile. */
  parameterPatternMs: 100,
  /** A machine that is busy can let any pattern wait for that long: only one that takes it each time is too slow. */
  parameterPatternTries: 3,
  /** YAML of saved commands in one request: all that a team has; JSON takes up to six bytes for one of it. */
  savedYamlBytesMax: 256 * 1024,
  /** How long runs of a saved command can be kept: a hundred years. */
  keepDaysMax: 36_500,
  /** Secrets of one run, their names, and all of their values: keys and tokens; each is sought in some twenty forms. */
  secretsPerRunMax: 32,
  secretNameCharsMax: 100,
  secretsBytesMax: 16 * 1024,
  /** Kept secrets without a run are this old before they are removed: a run is stored right after them. */
  secretsSweepMs: 3_600_000,
  /** A shorter secret, or line of one, is not hidden in output: it would hide half of the log. */
  maskedCharsMin: 6,
  /** Head of a request, and its body: slow senders hold no socket for ever. */
  requestHeadTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  /** Pause between two parts of a file that is sent: of any size, it may take hours over a slow line. */
  uploadPauseMsMax: 30_000,
  /** Body of any request: JSON takes up to six bytes for one of a command. */
  bodyBytesMax: 384 * 1024,
  /** Page of lines by position. */
  pageLinesMax: 1_000,
  pageBytesMax: 1024 * 1024,
  /** Last lines of a run in the HTML of its page: the rows of a tall screen. */
  openingLinesMax: 80,
  /** All of what stands in that HTML; when it is more the page asks for it. */
  openingBytesMax: 128 * 1024,
  /** The HTML of a page waits no longer for the store. */
  openingWaitMs: 500,
  /** A search stops after this with what it has: it can be gone on with, and no pattern holds a core for longer. */
  searchMs: 5_000,
  /** A thread that searches has started by then also on a machine that is very busy; its search's time counts from there. */
  searchStartMs: 30_000,
  /** Text or regular expression that is looked for. */
  searchTextCharsMax: 1_000,
  /** Texts of one search, beside the one in `q`: each is looked for in every line. */
  searchTextsMax: 16,
  /** What a search reads at once: some milliseconds of work, so that hits come early and viewers wait for nothing. */
  searchReadBytesMax: 1024 * 1024,
  /** Positions that a search which goes back takes in one step, in any case. */
  searchStepLinesMax: 10_000,
  /** Threads that search, as many as small machines have cores; and searches that wait for one. */
  searchesMax: 2,
  searchesQueuedMax: 32,
  /** A thread that has nothing to search is kept for the next search: 15 MB, and 50 ms to start anew. */
  searchIdleMs: 30_000,
  /** Intervals of a histogram: more than a screen has columns for. */
  histogramBucketsMax: 1_000,
  /** Lines of a task that are compared with those of others: more than anybody reads side by side. */
  groupedLinesMax: 10_000,
  /** Different lines of one run and channel that are remembered for that: 28 to 40 bytes each. */
  groupedTreeLinesMax: 400_000,
  /** Runs whose tasks are kept grouped; and for how long after nobody has asked for it any more. */
  groupedRunsMax: 8,
  groupedKeptMs: 30_000,
  /** Groups that change are told at most this often: as fast as anybody can read them. */
  groupsEveryMs: 500,
  /** Output of groups that the command line holds at once: the run is read once for each such part. */
  groupedTextBytesMax: 16 * 1024 * 1024,
  /** Page of the run list. */
  runsPageMax: 200,
  /** Tasks that a list tells of each run: as many hosts as the page names beside it. */
  listedTasksMax: 8,
  /** Runs that have ended of which a store keeps what their tasks amount to, about 1.5 KB each. */
  taskSummariesMax: 1_000,
  /** Names of hosts of runs that a store keeps, so that it need not read their tasks for the list of hosts: some 10 MB. */
  runHostsKeptMax: 200_000,
  /** Text a host controls outside its output: prompts, banners, error texts. */
  hostTextCharsMax: 400,
  /** First-start token: one use, and gone after this. */
  firstStartTokenMs: 10 * 60_000,
  /** The API token of a node that is gone, or has another one now, is taken by the others for so long. */
  apiTokenToldMs: 10 * 60_000,
  /** Links that are good at once; the oldest goes first. */
  firstStartLinksMax: 16,
  /** Browser sessions: unused, in any case, and how often open streams are held against them. */
  sessionIdleMs: 12 * 3_600_000,
  sessionAgeMs: 7 * 24 * 3_600_000,
  sessionCheckMs: 30_000,
  /** Tries of a login or token exchange per minute and address. */
  loginTriesPerMinuteMax: 5,
  /** Addresses remembered for that; over it everybody waits, as memory is bounded. */
  loginAddressesMax: 10_000,
  /** One transaction of the store: the sync no longer counts, and it is written in some 30 ms. */
  commitBytesMax: 8 * 1024 * 1024,
  /** Name of a followed file, as it stands beside its lines: PATH_MAX of Linux. */
  fileNameBytesMax: 4_096,
  /**
   * Where a task goes on reading, written anew with nearly every batch of it: enough for some 500
   * followed files, and no more than four times the batch itself.
   */
  progressBytesMax: 256 * 1024,
  /** Write-ahead log of the store; a larger one is copied into the database and cut back. */
  walBytesMax: 64 * 1024 * 1024,
  /** Another process may hold the store's lock for one transaction, or for a copy of the whole log. */
  lockTimeoutMs: 10_000,
  /** A database up to this size is checked as a whole after an unclean end: a quarter of a second. */
  checkedBytesMax: 256 * 1024 * 1024,
  /** Free space under which `farglass doctor` warns. */
  freeDiskBytesMin: 512 * 1024 * 1024,
  /** Wait between syncs with `--sync interval`. */
  syncIntervalMs: 50,
  /** A document of Farglass itself: a saved command may hold a script of 48 KiB. */
  recordBytesMax: 64 * 1024,
  /** Its name: as long as that of a file on most systems, in the longest characters. */
  recordNameBytesMax: 1024,
  /** Candidates that a host offers for what is typed: more are not looked through, but typed on. */
  completionsMax: 200,
  /** Characters of them that are read from the host: 200 long paths. */
  completionCharsMax: 256 * 1024,
  /** Characters of what is typed so far, as long as a path of Linux can be. */
  completionPrefixCharsMax: 4_096,
  /** A host that takes longer to say what it has comes too late for who types. */
  completionMs: 5_000,
  /** Of one kind, as all of them are read for a list: a large inventory has some thousand hosts. */
  recordsPerKindMax: 10_000,
  /** Who must act on a change that another process made reads again this often. */
  recordsReadEveryMs: 2_000,
  /** How often a node looks for lines that are to be removed: each look goes through the list of all runs. */
  retentionEveryMs: 5 * 60_000,
  /** Shortest age at which lines go: less is a slip. */
  retentionAgeMsMin: 60_000,
  /** From SIGTERM to exit. */
  shutdownMs: 5_000,
} as const
