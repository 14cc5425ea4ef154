import { beforeEach, describe, expect, it } from 'vitest'
import { SHORTCUTS, setShortcuts, shortcutOf, shortcutsOn } from './shortcuts'

/** What pressing this key on this element asks for. */
function press(key: string, on = '<button>x</button>', more: KeyboardEventInit = {}) {
  document.body.innerHTML = on
  let found: ReturnType<typeof shortcutOf> = null
  const hear = (event: KeyboardEvent) => void (found = shortcutOf(event))
  document.addEventListener('keydown', hear)
  const target = document.body.querySelector('[data-here]') ?? document.body.firstElementChild!
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...more }))
  document.removeEventListener('keydown', hear)
  return found
}

describe('single keys', () => {
  beforeEach(() => localStorage.clear())

  it('each do one thing, and no two the same', () => {
    for (const { does, key } of SHORTCUTS) expect(press(key)).toBe(does)
    expect(new Set(SHORTCUTS.map((one) => one.key)).size).toBe(SHORTCUTS.length)
    expect(press('J')).toBe('next')
    expect(press('x')).toBeNull()
    expect(press('Enter')).toBeNull()
  })

  it('never take a letter out of what somebody writes', () => {
    for (const field of ['<textarea></textarea>', '<input type="search">', '<select></select>', '<div contenteditable><p data-here></p></div>', '<dialog open><button data-here></button></dialog>']) {
      for (const { key } of SHORTCUTS) expect(press(key, field), `${key} in ${field}`).toBeNull()
    }
  })

  it('leave the keys of browsers and of input methods alone', () => {
    for (const more of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }, { isComposing: true }, { keyCode: 229 }]) expect(press('j', undefined, more)).toBeNull()
  })

  it('can be turned off, and stay off', () => {
    expect(shortcutsOn()).toBe(true)
    setShortcuts(false)
    expect(shortcutsOn()).toBe(false)
    setShortcuts(true)
    expect(shortcutsOn()).toBe(true)
  })
})
