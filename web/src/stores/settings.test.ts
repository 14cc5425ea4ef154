import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { useSettings } from './settings'

const fresh = () => {
  setActivePinia(createPinia())
  return useSettings()
}

beforeEach(() => localStorage.clear())

describe('settings', () => {
  it('begins with the system theme and standard type', () => {
    const s = fresh()
    expect([s.theme, s.type, s.care]).toEqual(['auto', 'normal', false])
    expect(document.documentElement.dataset.type).toBe('normal')
  })

  it('shows a choice at once and keeps it for the next visit', () => {
    const s = fresh()
    s.theme = 'dark'
    s.toggleCare()
    expect(document.documentElement.dataset).toMatchObject({ theme: 'dark', type: 'large' })
    const again = fresh()
    expect([again.theme, again.type, again.care]).toEqual(['dark', 'large', true])
    again.toggleCare()
    expect(document.documentElement.dataset.type).toBe('normal')
  })

  it('takes 超大 as 关怀版 too, and the pill leads back to standard', () => {
    const s = fresh()
    s.type = 'huge'
    expect(s.care).toBe(true)
    s.toggleCare()
    expect(s.type).toBe('normal')
  })

  it('is not upset by what else stands in storage', () => {
    for (const text of ['{', '42', 'null', '{"theme":"pink","type":"9"}']) {
      localStorage.setItem('weiting.settings', text)
      const s = fresh()
      expect([s.theme, s.type]).toEqual(['auto', 'normal'])
    }
  })
})
