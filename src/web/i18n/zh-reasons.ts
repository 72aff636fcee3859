/** The reasons in notes in Chinese: those that Farglass itself gives; what ssh and hosts say in them stays as it is. */
import { type ErrorCode, errorTable } from '../../shared/errors.ts'
import { zhErrors } from './zh-errors.ts'

/** One that is not known stays as it is. */
export function translateReason(reason: string): string {
  const known = whole[reason]
  if (known !== undefined) return known
  for (const [pattern, say] of withFacts) {
    const found = pattern.exec(reason)
    if (found !== null) return say(...found.slice(1))
  }
  return reason
}

/** Why a task failed or was lost: its reason, and what to do. */
export function translateFailure(failure: string): string {
  const code = codes.find((one) => failure.endsWith(` ${errorTable[one].hint}`))
  if (code !== undefined) {
    const { what, todo } = zhErrors[code]
    const reason = failure.slice(0, -errorTable[code].hint.length - 1)
    const known = translateReason(reason)
    return known === reason ? `${what}${todo} ${reason}` : `${known}${todo}`
  }
  for (const [hint, todo] of Object.entries(ownHints)) {
    if (failure.endsWith(` ${hint}`)) {
      return `${translateReason(failure.slice(0, -hint.length - 1))}${todo}`
    }
  }
  return translateReason(failure)
}

/** "2 min 40 s". */
export function translateDuration(time = ''): string {
  return time
    .replace(/ h\b/g, ' 小时')
    .replace(/ min\b/g, ' 分')
    .replace(/ s\b/g, ' 秒')
}

const codes: readonly ErrorCode[] = Object.keys(errorTable).filter(isErrorCode)

function isErrorCode(code: string): code is ErrorCode {
  return code in errorTable
}

/** What is to be done where it is not what the code says. */
const ownHints: Readonly<Record<string, string>> = {
  'Look on the host what became of it.': '请在主机上查看它的结果。',
  'Try "docker logs -f NAME" or "podman logs -f NAME" on the host, as the same user.':
    '请在主机上以同一用户试“docker logs -f NAME”或“podman logs -f NAME”。',
  'Try "journalctl -f" on the host, as the same user.': '请在主机上以同一用户试“journalctl -f”。',
  'Give each node the same key file (--secret-key-file). The rest of the output lies on the host, below ~/.local/state/farglass/runs.':
    '请给每个节点同一个密钥文件（--secret-key-file）。其余输出在主机的 ~/.local/state/farglass/runs 之下。',
  'Farglass needs OpenSSH 7.4 or newer; "farglass doctor" tells which one is there.':
    'Farglass 需要 OpenSSH 7.4 或更新的版本；“farglass doctor”会说明现有的版本。',
}

const whole: Readonly<Record<string, string>> = {
  // Of gaps.
  'the file that holds the output on the host was cut': '主机上保存输出的文件被截短',
  'the file that holds the output on the host was cut, and has grown over this byte again':
    '主机上保存输出的文件被截短，之后又增长到超过此字节',
  'the file that held the output on the host is gone': '主机上保存输出的文件已消失',

  // Why a host cannot hold a durable run.
  'its user has no directory to keep the output in': '该用户没有可存放输出的目录',
  'it has no setsid program': '没有 setsid 程序',
  'it has neither a ps program that lists all processes nor /proc':
    '既没有能列出全部进程的 ps，也没有 /proc',
  'there is too little free space for the output': '存放输出的剩余空间太少',
  'it ends the processes of a user who logs out (KillUserProcesses)':
    '它会结束已退出登录的用户的进程（KillUserProcesses）',
  'its sh has no printf of its own, with which a command could be handed on unseen':
    '它的 sh 没有内置 printf，无法隐蔽地传递命令',
  'its reason is not known to this version': '这一版本不认识其原因',

  // Why a file is waited for.
  'it is not there yet': '尚不存在',
  'it cannot be read (permission denied)': '无法读取（权限不足）',
  'nothing matches it yet': '尚无匹配的文件',

  // Why nobody knows whether the processes are gone.
  'The host did not answer.': '主机没有应答。',
  'The host had not yet reported the start of the command.': '主机尚未报告命令已启动。',
  'The connection to the host had already ended.': '与主机的连接此前已结束。',
  'The session that was to end the command ended without an answer.':
    '用来结束命令的会话没有应答就结束了。',

  // Why a task failed, was lost or is away.
  'The session ended without a word.': '会话没有任何说明就结束了。',
  'The session ended before sudo had answered.': '会话在 sudo 应答之前就结束了。',
  'A line is too long.': '有一行太长。',
  'The host did not answer to the script.': '主机没有应答脚本。',
  'The host sent what is not of the protocol.': '主机发来了不属于协议的内容。',
  'Farglass itself was stopped before the command was started on this host, so it was not started.':
    '在此主机上启动命令之前 Farglass 自身已被停止，因此命令没有启动。',
  'before it heard that the command had started: whether it ran is not known':
    'Farglass 自身在得知命令已启动之前被停止：不知道命令是否运行过',
  'while the command ran, and the command ended with it':
    '命令运行期间 Farglass 自身被停止，命令随之结束',
  'its files on the host are gone': '它在主机上的文件已消失',
  'its processes are gone': '它的进程已消失',
  'the whole run': '整个运行',
  'each host': '每台主机',
  'before the host was reached': '连上主机之前',
  'while the host could not be reached': '主机无法到达期间',
  'The host was restarted while the command ran.': '命令运行期间主机重新启动了。',
  'It was stopped before the command was started.': '命令在启动前已被停止。',
  'Nobody is asked for a run that has ended.': '运行已结束，不再询问。',
  'The question was cancelled.': '问题已被取消。',
  'Nobody answered the question in time.': '没有人及时回答问题。',
  'The host closed the session before the command started.': '主机在命令启动前关闭了会话。',
  'The host has no sudo.': '主机上没有 sudo。',
  'sudo on this host wants a terminal (requiretty).': '此主机上的 sudo 需要终端（requiretty）。',
  'sudo took no password.': 'sudo 没有接受密码。',
  'it has neither docker nor podman.': '主机上既没有 docker，也没有 podman。',
  'Its user may not use Docker: add it to the group "docker", which is as good as root, or sign in as a user who may.':
    '该用户不能使用 Docker：请将其加入 docker 组（等同于 root），或以有权限的用户登录。',
  'Start Docker there, if the container is one of it.': '若容器属于 Docker，请在那里启动 Docker。',
  'Podman shows to each user only the containers of that user.':
    'Podman 只向每个用户显示该用户自己的容器。',
  'it has no journalctl.': '主机上没有 journalctl。',
  'The store could not take more lines.': '存储无法再接收新的行。',
}

type Reason = readonly [pattern: RegExp, say: (...parts: readonly string[]) => string]

const withFacts: readonly Reason[] = [
  [
    /^no file on the host holds what stood before byte (\d+) of (.+): it was cut, or removed; what it had from there on, if anything, is gone$/s,
    (byte, path) =>
      `主机上没有文件含有 ${path} 第 ${byte} 字节之前的内容：它被截短或移除，此后的内容（若有）已丢失`,
  ],
  [/^reason (\d+)$/, (number) => `原因 ${number}`],
  [/^The host did not answer within (\d+) s\.$/, (time) => `主机在 ${time} 秒内没有应答。`],
  [/^The session was given up: (.+)$/s, (why = '') => `会话已放弃：${translateReason(why)}`],
  [
    /^The start of the command was begun, but it did not show up within (\d+) s: whether it ran is not known\.$/,
    (time) => `已开始启动命令，但 ${time} 秒内未见它出现：不知道它是否运行过。`,
  ],
  [
    /^It was not started, because more than (\d+) tasks of this run have failed\.$/,
    (count) => `没有启动，因为此运行中失败的任务超过 ${count} 个。`,
  ],
  [
    /^The time of (.+), (.+), was over\.$/,
    (whose = '', time) => `${translateReason(whose)}的时限 ${translateDuration(time)} 已到。`,
  ],
  [
    /^It was given up (.+); the command may still run there\.(?: ?(.+))?$/s,
    (when = '', why = '') =>
      `${translateReason(when)}已放弃；命令可能仍在那里运行。${translateReason(why)}`,
  ],
  [/^Farglass itself was stopped (.+)\.$/, (when = '') => `${translateReason(when)}。`],
  [
    /^Nobody knows how the command ended: (.+)\.$/,
    (why = '') => `不知道命令是如何结束的：${translateReason(why)}。`,
  ],
  [
    /^The login shell of the host printed output without end instead of starting a sh: (.+)\.$/s,
    (said) => `主机的登录 shell 不断输出，而没有启动 sh：${said}。`,
  ],
  [
    /^The command was not started\. The host or ssh said: (.+)\.$/s,
    (said) => `命令没有启动。主机或 ssh 说：${said}。`,
  ],
  [
    /^The connection to the host ended before the command did, so its exit code is not known\.(.*)$/s,
    (more) => `与主机的连接先于命令结束，因此不知道退出码。${sshSaid(more)}`,
  ],
  [/^The connection to the host ended\.(.*)$/s, (more) => `与主机的连接已结束。${sshSaid(more)}`],
  [
    /^The connection to host ("[^"]*") was lost\.(.*)$/s,
    (host, more) => `与主机 ${host} 的连接已丢失。${sshSaid(more)}`,
  ],
  [
    /^sudo does not let the command in\. It said: (.+)\.$/s,
    (said) => `sudo 不允许运行此命令。它说：${said}。`,
  ],
  [
    /^The container cannot be followed: (.*")\.(?: (.+))?$/s,
    (said, advice = '') => `无法跟随容器：${said}。${translateReason(advice)}`,
  ],
  [
    /^The container cannot be followed: (.+)$/s,
    (why = '') => `无法跟随容器：${translateReason(why)}`,
  ],
  [
    /^The journal of the host cannot be followed: (.+)$/s,
    (why = '') => `无法跟随主机的 journal：${translateReason(why)}`,
  ],
  [
    /^journalctl ended with status (\d+)(.*)\.$/s,
    (code, said = '') => `journalctl 以 ${code} 退出${said}。`,
  ],
  [
    /^(.+) Its output may hold them, so it is not read on\. What has been started goes on on the host\.$/s,
    (why) => `${why} 其输出可能含有机密，因此不再读取。已启动的命令在主机上继续运行。`,
  ],
]

function sshSaid(more = ''): string {
  return more.replace(/^ ssh said: (.+?)\.?$/s, 'ssh 说：$1。')
}
