import { expect, it } from 'vitest'
import { afterLogin, safeBack } from './router'

it('sr_open_redirect: after login one returns into this app only', () => {
  expect(safeBack('/rooms/abc?x=1')).toBe('/rooms/abc?x=1')
  for (const wrong of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', undefined, ['/a'], '/login?back=/x', '/capacity'])
    expect(safeBack(wrong)).toBe('/')
})

it('who has no capacity yet comes to what needs none, such as an invitation to an office', () => {
  expect(afterLogin(null, '/office#code')).toBe('/office#code')
  expect(afterLogin(null, '/rooms/abc')).toEqual({ path: '/capacity', query: { back: '/rooms/abc' } })
  expect(afterLogin(null, undefined)).toEqual({ path: '/capacity', query: {} })
  expect(afterLogin('judge', '/rooms/abc')).toBe('/rooms/abc')
})
