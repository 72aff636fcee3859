import { describe, expect, test } from 'vitest'
import { en } from './en.ts'
import { enPages } from './en-pages.ts'
import { clockTime, formatBytes, fullTime } from './format.ts'
import { preferredLocale } from './text.ts'
import { zhCn } from './zh-cn.ts'
import { zhHosts } from './zh-hosts.ts'
import { zhPages } from './zh-pages.ts'

describe('languages', () => {
  test("the browser's first language of ours is taken", () => {
    expect(preferredLocale(['de', 'zh-TW', 'en'])).toBe('zh-CN')
    expect(preferredLocale(['en-GB', 'zh'])).toBe('en')
    expect(preferredLocale(['fr'])).toBe('en')
  })

  test('both catalogs have the same texts, and no empty one', () => {
    expect(Object.keys(zhCn).toSorted()).toEqual(Object.keys(en).toSorted())
    expect(Object.keys(zhPages).toSorted()).toEqual(Object.keys(enPages).toSorted())
    for (const texts of [en, zhCn, enPages, zhPages]) {
      for (const text of Object.values(texts)) expect(text).not.toBe('')
    }
  })

  test.each([
    ['connected to web-1', '已连接 web-1'],
    ['exited 0 after 2 min 40 s', '以 0 退出，运行 2 分 40 秒'],
    ['exited 137 (KILL) after 1 h 2 min', '以 137 退出（KILL），运行 1 小时 2 分'],
    ['stopped: 3 processes gone (KILL was needed)', '已停止：3 个进程已消失（需要 KILL）'],
    [
      'disconnected: The connection was lost. The command goes on on the host, and its output is kept there.',
      '连接断开：The connection was lost. 命令仍在主机上运行，输出保留在那里。',
    ],
    ['reconnected after 1.8 s, resumed at byte 7', '1.8 秒后已重新连接，从第 7 字节继续'],
    [
      'reconnected by a new start of Farglass, resumed at byte 7, of stderr at byte 9',
      'Farglass 重新启动后已重新连接，从第 7 字节继续，标准错误从第 9 字节继续',
    ],
    [
      'gap: bytes 1 to 9 of stdout cannot be had: it was cut',
      '缺口：标准输出的第 1 至 9 字节无法取得：it was cut',
    ],
    [
      'gap: an unknown number of bytes from 5 on of /var/log/a b cannot be had: gone',
      '缺口： /var/log/a b 从第 5 字节起，数量未知的字节无法取得：gone',
    ],
    [
      'background: 2 processes of the command go on on the host (4, 5); what they print from now on is not read',
      '后台：命令的 2 个进程仍在主机上运行（4, 5），此后的输出不再读取',
    ],
    ['resumed after 3.0 s: the disk of Farglass was full', '3.0 秒后继续：Farglass 的磁盘曾已满'],
    ['stopped: still alive on the host: 4711', '已停止，但主机上仍有进程：4711'],
    ['reconnected after 1.8 s', '1.8 秒后已重新连接'],
    ['following /var/log/a b from byte 0', '从第 0 字节开始跟随 /var/log/a b'],
    [
      'retention: 1,204 lines removed (older than 30 days)',
      '保留策略：已删除 1,204 行（超过 30 天）',
    ],
    ['something new', 'something new'],
  ])('the note "%s" in Chinese', (note, expected) => {
    expect(zhCn.note(note)).toBe(expected)
  })

  test.each([
    ['web-1.example is 10.0.0.7', 'web-1.example 的地址是 10.0.0.7'],
    ['port 22 answers: SSH-2.0-OpenSSH_9.6', '端口 22 有响应：SSH-2.0-OpenSSH_9.6'],
    ['durable runs: yes', '持久运行：可以'],
    ['something new', 'something new'],
  ])('a check of a host says "%s" in Chinese', (said, expected) => {
    expect(zhHosts.checkText(said)).toBe(expected)
  })

  test('counts read as English', () => {
    expect([en.newLines(1), en.newLines(2_418), en.errors(1)]).toEqual([
      '1 new line',
      '2,418 new lines',
      '1 error',
    ])
  })
})

describe('figures', () => {
  test.each([
    [0, '0 B'],
    [1_023, '1023 B'],
    [1_536, '1.5 KB'],
    [1_258_291, '1.2 MB'],
  ])('%d bytes', (bytes, expected) => {
    expect(formatBytes(bytes)).toBe(expected)
  })

  test("the time of a line is the reader's own, by arithmetic as by Date", () => {
    for (const iso of ['2026-01-01T00:00:00.000Z', '2026-07-09T23:59:59.999Z']) {
      const date = new Date(iso)
      const two = (value: number) => String(value).padStart(2, '0')
      const expected = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
      expect(clockTime(iso)).toBe(`${expected}.${iso.slice(20, 23)}`)
    }
    expect(clockTime('nonsense')).toBe('')
  })

  test('a full time has the 24 hours of the lines in every language', () => {
    const texts = ['en', 'zh-CN'].map((one) => fullTime('2026-11-30T00:05:09Z', one, 'UTC'))
    expect(texts).toEqual(['Nov 30, 2026, 00:05:09', '2026年11月30日 00:05:09'])
  })
})
