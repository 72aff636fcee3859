/** Simplified Chinese texts of the view of one very long line. */
import type { enWholeLine } from './en-whole-line.ts'

const number = new Intl.NumberFormat('zh-CN')

export const zhWholeLine: typeof enWholeLine = {
  lineOf: (pos, host) => `${host} 的第 ${number.format(pos)} 行`,
  exactBytes: '原始字节',
  copyLine: '复制整行',
  lineCopied: '已复制整行',
  reading: '正在读取整行…',
}
