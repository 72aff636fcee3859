/** The notes of a run in Chinese: the sentences that the server itself writes; what hosts say stays as it is. */
import { translateDuration, translateFailure, translateReason } from './zh-reasons.ts'

/** A note that is not known stays as it is. */
export function translateNote(note: string): string {
  for (const [pattern, say] of sentences) {
    const found = pattern.exec(note)
    if (found !== null) return say(found.slice(1))
  }
  return note
}

/** Parts of the pattern, in its order; undefined where an optional one is missing. */
type Sentence = readonly [pattern: RegExp, say: (parts: readonly (string | undefined)[]) => string]

const sentences: readonly Sentence[] = [
  [
    /^retention: ([\d,]+) lines? removed \((.+)\)$/,
    ([count, why]) => `保留策略：已删除 ${count} 行（${removedWhy(why)}）`,
  ],
  [/^connected to (.+)$/, ([host]) => `已连接 ${host}`],
  [
    /^exited (\d+)(?: \((\w+)\))? after (.+)$/,
    ([code, signal, time]) =>
      `以 ${code} 退出${signal === undefined ? '' : `（${signal}）`}，运行 ${translateDuration(time)}`,
  ],
  [
    /^exited (\d+); processes in the background still hold the output open$/,
    ([code]) => `以 ${code} 退出；后台进程仍占用输出`,
  ],
  [
    /^disconnected: (.+) The command goes on on the host, and its output is kept there\.$/s,
    ([why = '']) => `连接断开：${translateReason(why)} 命令仍在主机上运行，输出保留在那里。`,
  ],
  [
    /^disconnected: (.+) What is written meanwhile is read afterwards\.$/s,
    ([why = '']) => `连接断开：${translateReason(why)} 期间写入的内容随后读取。`,
  ],
  [/^reconnected after ([^,]+)$/, ([time]) => `${translateDuration(time)}后已重新连接`],
  [/^reconnected by a new start of Farglass$/, () => 'Farglass 重新启动后已重新连接'],
  [/^ended after (.+)$/, ([time]) => `已结束，运行 ${translateDuration(time)}`],
  [/^following (.+) from byte (\d+)$/s, ([path, byte]) => `从第 ${byte} 字节开始跟随 ${path}`],
  [/^rotated: (.+) goes on in a new file$/s, ([path]) => `已轮转：${path} 在新文件中继续`],
  [/^truncated: (.+) begins again at byte 0$/s, ([path]) => `已截断：${path} 从第 0 字节重新开始`],
  [
    /^waiting for the container: its output has ended; what it prints when it runs again is read on$/,
    () => '正在等待容器：输出已结束；容器再次运行时会继续读取',
  ],
  [
    /^waiting for the container: there is none of that name now; what it prints when it is back is read on$/,
    () => '正在等待容器：现在没有这个名称的容器；它回来后会继续读取',
  ],
  [/^engine: it said (.+)$/s, ([words]) => `容器引擎说：${words}`],
  [
    /^replaced: another container has the name now; it is read from its first line$/,
    () => '已替换：现在是另一个同名容器，从第一行开始读取',
  ],
  [
    /^gap: the engine no longer has the line that was read last: what came after it may have been removed too$/,
    () => '缺口：容器引擎已没有最后读取的那一行，其后的内容可能也已被删除',
  ],
  [
    /^gap: the disk of the host was full when the command ended: .+$/,
    () => '缺口：命令结束时主机磁盘已满，其部分输出可能没有写入',
  ],
  [
    /^unreadable: of the journal this user may read only the entries of its own\. .+$/,
    () =>
      '无法读取：该用户只能读取日志中属于自己的条目。请将其加入 systemd-journal 或 adm 组，然后重新登录。',
  ],
  [/^waiting for (.+): (.+)$/s, ([path, why = '']) => `正在等待 ${path}：${translateReason(why)}`],
  [/^held: the command was stopped for a while on its host, .+$/, () => heldText],
  [
    /^reconnected (?:after (.+)|by a new start of Farglass), resumed at byte (\d+)(?:, of stderr at byte (\d+))?$/,
    ([time, out, err]) =>
      `${time === undefined ? 'Farglass 重新启动后已重新连接' : `${translateDuration(time)}后已重新连接`}，从第 ${out} 字节继续${err === undefined ? '' : `，标准错误从第 ${err} 字节继续`}`,
  ],
  [
    /^gap: bytes (\d+) to (\d+) of (.+?) cannot be had: (.+)$/s,
    ([from, to, where, why = '']) =>
      `缺口：${stream(where)}的第 ${from} 至 ${to} 字节无法取得：${translateReason(why)}`,
  ],
  [
    /^gap: an unknown number of bytes from (\d+) on of (.+?) cannot be had: (.+)$/s,
    ([from, where, why = '']) =>
      `缺口：${stream(where)}从第 ${from} 字节起，数量未知的字节无法取得：${translateReason(why)}`,
  ],
  [
    /^gap: an unknown number of bytes before (.+?) of (.+?) cannot be had: (.+)$/s,
    ([to, where, why = '']) =>
      `缺口：${stream(where)}${to === 'the next one' ? '下一个字节' : `第 ${to} 字节`}之前，数量未知的字节无法取得：${translateReason(why)}`,
  ],
  [
    /^gap: more files match than can be followed: the others are not read$/,
    () => '缺口：匹配的文件多于可以跟随的数量，其余的不读取',
  ],
  [
    /^gap: the journal no longer has the entry that was read last: what came after it may have been removed too$/,
    () => '缺口：journal 已没有最后读取的那一条，其后的内容可能也已被删除',
  ],
  [
    /^gap: the line that was here has been (?:lost or )?damaged (in the archive of Farglass|in Redis|on the disk of Farglass)$/,
    ([where]) => `缺口：这里原有的一行已丢失或损坏（${lostWhere(where)}）`,
  ],
  [/^not followed: (.+): it cannot be read$/s, ([path]) => `未跟随：${path}：无法读取`],
  [
    /^not followed: a name with a newline that matches (.+)$/s,
    ([pattern]) => `未跟随：与 ${pattern} 匹配、含换行符的名称`,
  ],
  [/^failed: (.+)$/s, ([why = '']) => `失败：${translateFailure(why)}`],
  [/^lost: (.+)$/s, ([why = '']) => `失联：${translateFailure(why)}`],
  [/^timed-out: (.+)$/s, ([why = '']) => `超时：${translateReason(why)}`],
  [
    /^plain: the host cannot hold a durable run, because (.+); this command ends with its connection$/s,
    ([why = '']) =>
      `普通模式：主机无法承载持久运行（${translateReason(why)}），连接断开时此命令即结束`,
  ],
  [
    /^background: (\d+)(?: process(?:es)?)? of the command go on on the host \((.+?)\); what they print from now on is not read$/,
    ([count, pids]) => `后台：命令的 ${count} 个进程仍在主机上运行（${pids}），此后的输出不再读取`,
  ],
  [
    /^resumed after (.+?): (the disk of Farglass was full|the store of Farglass took no lines|another process held the store of Farglass)$/,
    ([time, why]) =>
      `${translateDuration(time)}后继续：${why?.startsWith('the disk') === true ? 'Farglass 的磁盘曾已满' : 'Farglass 的存储曾无法写入'}`,
  ],
  [
    /^stopped: (\d+) process(?:es)? gone( \(KILL was needed\))?(?:; of those that have left its group there live on: (.+))?$/,
    ([count, killed, outside]) =>
      `已停止：${count} 个进程已消失${killed === undefined ? '' : '（需要 KILL）'}${outside === undefined ? '' : `；已离开进程组、仍在运行的进程：${outside}`}`,
  ],
  [/^stopped: still alive on the host: (.+)$/, ([pids]) => `已停止，但主机上仍有进程：${pids}`],
  [
    /^stopped: whether its processes are gone is not known: (.+)$/s,
    ([why = '']) => `已停止，但不知道进程是否已消失：${translateReason(why)}`,
  ],
]

const heldText = '暂缓：主机上等待取回的输出超过 1 GiB，命令曾在主机上暂停一段时间'

function removedWhy(why = ''): string {
  return why
    .replace(/^older than (.+) days?$/, '超过 $1 天')
    .replace(/^older than (.+) hours?$/, '超过 $1 小时')
    .replace(/^older than (.+) minutes?$/, '超过 $1 分钟')
    .replace(/^not among the newest (.+)$/, '不在最新的 $1 个之内')
    .replace(/^all runs together are over (.+)$/, '所有运行总大小超过 $1')
}

function lostWhere(where = ''): string {
  if (where === 'in Redis') return 'Redis'
  return where.startsWith('in the archive') ? 'Farglass 的归档' : 'Farglass 的磁盘'
}

function stream(where = ''): string {
  if (where === 'stdout') return '标准输出'
  return where === 'stderr' ? '标准错误' : ` ${where} `
}
