/** Limits of alerts, schedules and triggers, as those of `limits.ts`: apart, since the page's first load needs none. */
export const automationLimits = {
  /** Name of an alert, schedule or trigger: it stands in addresses and in messages. */
  automationNameCharsMax: 60,
  /** Every line of every run is held against each of them. */
  alertsMax: 100,
  /** Matches that one alert counts before it fires: their times are stored with the run. */
  alertCountMax: 100,
  /** Over this time matches are counted, and for this long an alert is silent after it has fired. */
  alertWithinMsMax: 86_400_000,
  alertCooldownMsMin: 1_000,
  alertCooldownMsMax: 30 * 86_400_000,
  /** Webhooks of one alert. */
  alertWebhooksMax: 8,
  /** Lines that a message shows, and characters of each: Slack and Discord refuse long ones. */
  alertLinesMax: 5,
  alertLineCharsMax: 300,
  /** A share of lines that a pattern is not through with after this is passed over, and said to be. */
  alertMatchMs: 2_000,
  /** Such a pattern is left alone for so long, as it would hold a thread all the time. */
  alertRestMs: 30_000,
  /** How far lines are judged is stored this often at most: so much may be judged again after a crash. */
  alertProgressMs: 5_000,
  /** Firings and deliveries of an alert that are remembered for its page. */
  alertFiringsKept: 20,
  alertDeliveriesKept: 20,
  /** Newest firings of all alerts that who comes back is still told of: they are one document of the store. */
  firingsKept: 100,
  /** Each is looked at in every round. */
  schedulesMax: 500,
  /** A cron expression, and the name of a time zone. */
  cronCharsMax: 200,
  /** How often it is looked whether something is due. */
  scheduleLookMs: 1_000,
  /** A time that is not started for after this was missed. */
  scheduleLateMs: 60_000,
  /** Missed times are counted up to this. */
  scheduleMissedMax: 1_000,
  /** Next times that are shown, and past ones that are remembered. */
  scheduleTimesShown: 5,
  scheduleEventsKept: 50,
  triggersMax: 500,
  /** Place of a value in the payload of a trigger. */
  triggerPathCharsMax: 200,
  /** Key of a trigger: so that it cannot be guessed. */
  triggerSecretCharsMin: 16,
  /** A signed request is good for so long, before and after its time: clocks differ. */
  triggerAgeMs: 300_000,
  /** Requests to one trigger from one address in a minute. */
  triggerTriesPerMinuteMax: 60,
  /** Address of a webhook, and its key. */
  webhookUrlCharsMax: 2_048,
  /** One try of a webhook, from its name to the end of its answer. */
  webhookTimeoutMs: 10_000,
  /** Bytes of the answer that are read at most; nobody is shown them. */
  webhookAnswerBytesMax: 64 * 1024,
  /** Tries of one delivery, with waits that double: some ten minutes in all. */
  webhookTriesMax: 8,
  webhookRetryMsMin: 2_000,
  webhookRetryMsMax: 300_000,
  /** Deliveries under way at once; the others wait. */
  webhooksAtOnce: 8,
} as const
