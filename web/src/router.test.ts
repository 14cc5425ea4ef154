import { expect, it } from 'vitest'
import { safeBack } from './router'

it('sr_open_redirect: after login one returns into this app only', () => {
  expect(safeBack('/rooms/abc?x=1')).toBe('/rooms/abc?x=1')
  for (const wrong of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', undefined, ['/a'], '/login?back=/x', '/capacity'])
    expect(safeBack(wrong)).toBe('/')
})
