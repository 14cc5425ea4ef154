import { expect, it } from 'vitest'
import { words } from '.'
import '@/documents/words'
import '@/dossier/words'
import '@/lookup/words'
import '@/proof/words'
import '@/reckon/words'
import '@/room/transcript/words'
import '@/signature/words'
import '@/tools/sign/words'
import '@/tools/words'
import '@/standing/words'

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
