/** The texts of the page in the chosen language, as a signal: components read it and redraw. */
import { type ReadonlySignal, signal } from '@preact/signals'
import { type Catalog, en } from './en.ts'

export type Locale = 'en' | 'zh-CN'

const catalog = signal<Catalog>(en)
export const text: ReadonlySignal<Catalog> = catalog

/** Resolves once the language is loaded; English stays when loading fails. */
export async function useLocale(locale: Locale): Promise<void> {
  if (locale === 'zh-CN') {
    const { zhCn } = await import('./zh-cn.ts')
    catalog.value = zhCn
  } else {
    catalog.value = en
  }
  document.documentElement.lang = locale
}

/** The language that the browser asks for, when nobody has chosen one. */
export function preferredLocale(languages: readonly string[]): Locale {
  const first = languages.find((language) => /^(zh|en)\b/i.test(language))
  return first !== undefined && /^zh/i.test(first) ? 'zh-CN' : 'en'
}
