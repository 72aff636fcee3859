/** The background worker of the demo shop: jobs on stdout, Python tracebacks on stderr. */
import { colour, err, out, type Service } from './service.ts'

export const workerService: Service = ({ random, isTroubled }) => {
  const job = random.int(4_471_000, 4_479_999)
  if (random.chance(0.04)) {
    const file = `${random.hex(6)}.jpg`
    return err(
      [
        'Traceback (most recent call last):',
        `  File "/srv/worker/tasks.py", line ${random.int(20, 240)}, in resize`,
        '    image = load(path)',
        `worker.images.ImageError: cannot decode /uploads/${file}`,
      ].join('\n'),
    )
  }
  if (isTroubled && random.chance(0.4)) {
    return out(
      `${colour('33', 'WARN ')} ${colour('36', 'queue')} ${random.int(120, 900)} jobs wait, oldest ${random.int(3, 9)}s`,
    )
  }
  if (random.chance(0.2)) {
    const subject = random.pick([
      `订单 ${random.int(81_000, 82_999)} 已发货`,
      'Your order is on its way',
      '注文を発送しました',
    ])
    return out(`${info} ${colour('36', 'mailer')} sent "${subject}" in ${random.int(40, 300)}ms`)
  }
  const who = `worker-${random.int(1, 8)}`
  const took = colour('1', `${random.int(20, 900)}ms`)
  return out(
    `${info} ${colour('36', who)} processed job ${job} in ${took} queue=${random.pick(['default', 'mail', 'images'])}`,
  )
}

const info = colour('32', 'INFO ')
