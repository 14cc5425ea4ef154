/**
 * Single keys at a desk. They are for hands that are not typing: not in a field, not while characters are chosen, not with
 * Ctrl, Alt or Meta, not while a dialog is open. Who does not want them turns them off (WCAG 2.1.4).
 */
export type Shortcut = 'next' | 'previous' | 'search' | 'compose' | 'members' | 'evidence' | 'help'

/** In the order in which the help shows them. */
export const SHORTCUTS: readonly { does: Shortcut; key: string }[] = [
  { does: 'next', key: 'j' },
  { does: 'previous', key: 'k' },
  { does: 'search', key: '/' },
  { does: 'compose', key: 'r' },
  { does: 'members', key: 'm' },
  { does: 'evidence', key: 'e' },
  { does: 'help', key: '?' },
]

const OFF = 'weiting.shortcuts.off'

export function shortcutsOn(): boolean {
  try {
    return localStorage.getItem(OFF) === null
  } catch {
    return true
  }
}

export function setShortcuts(on: boolean): void {
  try {
    if (on) localStorage.removeItem(OFF)
    else localStorage.setItem(OFF, '1')
  } catch {
    // Without storage the wish cannot be kept.
  }
}

/** What a key press asks for; null for everything that is somebody's writing or another program's key. */
export function shortcutOf(event: KeyboardEvent): Shortcut | null {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return null
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return null
  const key = event.key.length === 1 ? event.key.toLowerCase() : ''
  return SHORTCUTS.find((one) => one.key === key)?.does ?? null
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  return target.closest('input, textarea, select, [contenteditable]:not([contenteditable=false]), dialog[open]') !== null
}
