/** Limits of a store that several nodes share, part of `limits`: of Redis, and of what leaves it for the archive. */
export const sharedStoreLimits = {
  /** Redis must answer a command within this; then whoever waits for it hears that it does not. */
  redisAnswerMs: 5_000,
  /** A sentinel says within this where the primary is, or the next one is asked. */
  redisSentinelMs: 1_000,
  /** Waits before Redis is connected to again: shortest, doubled each time, and longest. */
  redisRetryMsMin: 50,
  redisRetryMsMax: 1_000,
  /** A run that is not stored to its last step is gone after this. */
  redisUnconfirmedMs: 60_000,
  /**
   * The newest changes of its own runs that a node keeps, as Redis may lose what it has confirmed:
   * as long as Redis takes to sync, several times over, and so much in any case; of all runs together.
   */
  redisKeptMs: 10_000,
  redisKeptBytesMin: 8 * 1024 * 1024,
  redisKeptBytesMax: 256 * 1024 * 1024,
  /** Ownerships of a run of which is known where they began; of more the oldest become one. */
  epochsMax: 32,
  /**
   * How far the number of an ownership lies behind the one before, at random: so that Redis, which
   * may lose one, gives none to two.
   */
  redisEpochStepMax: 1_048_576,
  /** Lines of one file of the archive: packed in 20 ms, and one of them is read for any page. */
  archiveChunkBytes: 4 * 1024 * 1024,
  /** Files of the archive kept unpacked, so that page after page reads each once. */
  archiveChunksKept: 8,
  /** A file of the archive that is not finished after this never will be: its node has died. */
  archiveLeftoverMs: 3_600_000,
  /** How often a node looks what its runs take in Redis; after failures it waits longer, up to the second. */
  sealEveryMs: 500,
  sealRetryMsMax: 30_000,
  /** How often ended runs are looked at, and how many of them. */
  sealEndedEveryMs: 10_000,
  sealEndedRunsMax: 50,
  /** Ranges of a run that are moved before the next run has its turn. */
  sealChunksMax: 16,
  /** An ended run is read often at first; after this its lines leave Redis for the archive. */
  sealColdAfterMs: 10 * 60_000,
  /** Of a run in Redis, unless --redis-keep says otherwise; at least what Redis may still lose stays there. */
  hotBytes: 64 * 1024 * 1024,
  hotBytesMin: 8 * 1024 * 1024,
  /** Times what it may take in Redis, from which on a run that is written faster than moved is held back. */
  hotHeldFactor: 3,
} as const
