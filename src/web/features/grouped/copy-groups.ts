/** Copies all groups as text, in the form of `clush -b`. */
import { visibleText } from '../../../shared/display.ts'
import { endRemark, groupHeader } from '../../../shared/group-text.ts'
import type { AppModel } from '../../app/app-model.ts'
import { text } from '../../i18n/text.ts'
import { viewsText } from '../../i18n/views-text.ts'
import { copyText } from '../viewer/copy-lines.ts'
import type { GroupedModel } from './grouped-model.ts'
import { hostsOf } from './hosts-of.ts'

/** More lines are a file, not a paste. */
const copiedLinesMax = 50_000

export async function copyGroups({ say }: AppModel, model: GroupedModel): Promise<void> {
  const t = text.value
  const views = viewsText.value
  const run = model.run.run.peek()
  const grouped = model.groups.groups.peek()
  if (run === null || grouped === null) return
  const count = grouped.groups.reduce((sum, { lines }) => sum + lines.out + lines.err, 0)
  if (count > copiedLinesMax) return say(t.rangeTooLong(count))
  const parts: string[] = []
  for (const { tasks, lines, ended } of grouped.groups) {
    const wanted = lines.out + lines.err
    const remarks = [endRemark(ended), wanted === 0 ? 'no output' : '']
    parts.push(groupHeader(hostsOf(run, tasks), remarks))
    const read = await model.texts.read(tasks[0] ?? 0, wanted).catch(() => null)
    if (read === null) return say(t.copyFailed)
    for (const channel of ['out', 'err'] as const) {
      const own = read.filter((line) => line.channel === channel)
      parts.push(...own.map((line) => `${visibleText(line.text)}\n`))
    }
  }
  if (grouped.tooLong.length > 0) {
    parts.push(groupHeader(hostsOf(run, grouped.tooLong), ['too long to group']))
  }
  say((await copyText(parts.join(''))) ? views.groupsCopied(grouped.groups.length) : t.copyFailed)
}
