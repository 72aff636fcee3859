import { describe, expect, test } from 'vitest'
import { actions } from './actions.ts'
import { isCharacterKey, type KeyPress, keyLabel, keyNameOf } from './keys.ts'

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  shiftKey: false,
  metaKey: false,
  ctrlKey: false,
  altKey: false,
  ...held,
})

describe('keys', () => {
  test.each([
    [press('j'), '', 'j', 'j'],
    [press('G', { shiftKey: true }), '', 'G', 'G'],
    [press('?', { shiftKey: true }), '', '?', '?'],
    [press(' '), '', 'Space', 'Space'],
    [press(' ', { shiftKey: true }), '', 'Shift+Space', '⇧Space'],
    [press('ArrowDown', { shiftKey: true }), '', 'Shift+ArrowDown', '⇧↓'],
    [press('k', { ctrlKey: true }), '', 'Mod+k', 'Ctrl K'],
    [press('Enter', { metaKey: true }), '', 'Mod+Enter', 'Ctrl ↵'],
    [press('g'), 'g', 'g g', 'g g'],
    [press('g'), 'f', 'g', 'g'],
  ])('%o after "%s" is %s', (pressed, lastKey, name, label) => {
    expect(keyNameOf(pressed, lastKey)).toBe(name)
    expect(keyLabel(name)).toBe(label)
  })

  test('what browser and system use stays theirs', () => {
    expect(keyNameOf(press('k', { altKey: true }), '')).toBeNull()
    expect(keyNameOf(press('R', { ctrlKey: true, shiftKey: true }), '')).toBeNull()
  })

  test('only characters by themselves can be switched off', () => {
    const characters = ['j', '?', 'g g', 'G'].map(isCharacterKey)
    const others = ['Space', 'ArrowDown', 'Mod+k', 'Escape'].map(isCharacterKey)
    expect([characters, others]).toEqual([Array(4).fill(true), Array(4).fill(false)])
  })

  test('no key stands for two things', () => {
    const keys = actions.flatMap((action) => action.keys)
    expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted())
  })
})
