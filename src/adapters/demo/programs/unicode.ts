/** `unicode`: text of many scripts, wide and combined characters, and bytes that are no text. */
import { humanPauseMs, type Program, paced } from './program.ts'

export const unicode: Program = {
  summary: 'lines in many scripts, endless or COUNT lines',
  run: (stage) =>
    paced(stage, async (index) => {
      await stage.out(`${samples[index % samples.length] ?? ''}\n`)
      return 2 * humanPauseMs(stage.random)
    }),
}

const samples = [
  '你好，世界：订单 48213 已付款，金额 ¥1,299.00。',
  '服务器 web-1 的磁盘使用率为 83%，请注意清理日志。',
  'こんにちは。在庫確認が完了しました（残り 12 点）。',
  '주문이 접수되었습니다. 배송 예정일: 3일 후',
  'Привет! Резервное копирование завершено за 42 с.',
  'Ελληνικά: η σύνδεση αποκαταστάθηκε',
  'مرحبا: اكتمل النسخ الاحتياطي بنجاح',
  'Café, naïve, Zürich, Łódź, İstanbul; combined: e\u0301 n\u0303 a\u030a',
  'Emoji: ✅ 🚀 🧵 👩‍💻 🇨🇭 ⚠️ and wide: ＡＢＣ｜１２３',
  'Box: ┌──────┬──────┐ │ cpu  │  42% │ └──────┴──────┘',
]
