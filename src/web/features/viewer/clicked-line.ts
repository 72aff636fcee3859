/** What of the log was clicked. */

export interface ClickedLine {
  readonly pos: number
  /** Which of its buttons. */
  readonly action: string | undefined
}

/** Null beside all lines and on links. */
export function clickedLine(target: EventTarget | null): ClickedLine | null {
  const element = target instanceof Element ? target : null
  const row = element?.closest<HTMLElement>('[data-pos]') ?? null
  if (element === null || row === null || element.closest('a') !== null) return null
  const action = element.closest<HTMLElement>('[data-action]')?.dataset['action']
  return { pos: Number(row.dataset['pos']), action }
}
