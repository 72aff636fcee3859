/** English texts of the options of a run, which are loaded with them. */
type OptionName = 'fanout' | 'batch' | 'maxFailures' | 'taskTimeout' | 'timeout'
type Order = 'given' | 'sorted' | 'shuffled'

export const enOptions = {
  reading: 'How output is read' as string,
  over: 'How it goes over the hosts' as string,
  fields: {
    fanout: 'Hosts at once',
    batch: 'Batches of',
    maxFailures: 'Failures allowed',
    taskTimeout: 'Time for each host',
    timeout: 'Time for all',
  } as Record<OptionName, string>,
  examples: {
    fanout: '32',
    batch: '5 or 20%',
    maxFailures: 'any',
    taskTimeout: 'none, 30s, 10m',
    timeout: 'none, 2h',
  } as Record<OptionName, string>,
  faults: {
    fanout: 'Hosts at once: a number from 1 to 1,000.',
    batch: 'Batches: a number of hosts, or a share of them as 20%.',
    maxFailures: 'Failures allowed: a number from 0 to 1,000.',
    taskTimeout: 'Time for each host: as 30s, 10m or 2h.',
    timeout: 'Time for all: as 30s, 10m or 2h.',
  } as Record<OptionName, string>,
  help: 'A batch begins when all hosts of the one before have ended. After more failures than allowed no further host is started.' as string,
  order: 'Order of the hosts' as string,
  orders: { given: 'as written', sorted: 'by name', shuffled: 'shuffled' } as Record<Order, string>,
  summary: {
    fanout: (count: string): string => `${count} at once`,
    batch: (size: string): string => `batches of ${size}`,
    maxFailures: (count: string): string =>
      count === '0' ? 'stops at the first failure' : `stops after ${count} failures`,
    taskTimeout: (time: string): string => `${time} for each`,
    timeout: (time: string): string => `${time} in all`,
  } as Record<OptionName, (typed: string) => string>,
  sudo: 'As root, by sudo' as string,
  sudoHelp:
    'If sudo wants a password, you are asked once for all hosts. It is kept nowhere.' as string,
  asRoot: 'as root' as string,
  reset: 'As usual' as string,
}
