import { expect, it } from 'vitest'
import { words } from '.'

// Also those that come late, with their pages.
import.meta.glob('../**/words.ts', { eager: true })

const sources = Object.entries(import.meta.glob<string>('../**/*.{vue,ts}', { query: '?raw', import: 'default', eager: true }))
  .filter(([file]) => !file.endsWith('.test.ts') && !file.includes('/words/'))
  .map(([file, text]) => ({ file, text }))

it('every text that the app names exists', () => {
  expect(sources.length).toBeGreaterThan(30)
  const missing: string[] = []
  for (const { file, text } of sources) {
    for (const [, key] of text.matchAll(/\bt\('([a-zA-Z]+(?:\.[a-zA-Z0-9_]+)+)'/g)) {
      if (!words.global.te(key!)) missing.push(`${file}: ${key}`)
    }
  }
  expect(missing).toEqual([])
})
