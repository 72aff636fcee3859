/** The same in simplified Chinese. */
import type { enShell } from './en-shell.ts'

export const zhShell: typeof enShell = {
  actions: {
    run: '运行命令',
    command: '转到命令',
    newRun: '新的运行',
    runs: '全部运行',
    again: '再次运行',
    stop: '停止运行（会询问）',
    link: '复制所选行的链接',
    follow: '开启或关闭跟随',
    end: '最后一行，并跟随',
    home: '第一行',
    pageDown: '下一页',
    pageUp: '上一页',
    nextLine: '选择下一行',
    previousLine: '选择上一行',
    extendDown: '向下扩展选择',
    extendUp: '向上扩展选择',
    wrap: '长行自动换行',
    time: '时间：时钟、UTC、自开始起、与上一行之差、不显示',
    sidebar: '侧边栏',
    inspector: '检查面板',
    help: '全部快捷键',
    escape: '关闭，然后取消选择',
  },
  partMissing: '页面的这一部分无法载入。',
  loadAnew: '重新载入页面',
  singleKeys: '不带 ⌘ 或 Ctrl 的单键',
}
