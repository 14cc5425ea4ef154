import { expect, it } from 'vitest'
import { useZoom } from './zoom'

it('goes up and down in steps, stops at both ends, and asks for a sharper picture when it is close', () => {
  const { zoom, larger, smaller, fit, atMost, atLeast, width } = useZoom()
  expect([zoom.value, width.value]).toEqual([1, 'read'])
  larger()
  larger()
  expect([zoom.value, width.value]).toEqual([1.5, 'close'])
  for (let i = 0; i < 9; i += 1) larger()
  expect([zoom.value, atMost.value]).toEqual([3, true])
  for (let i = 0; i < 9; i += 1) smaller()
  expect([zoom.value, atLeast.value]).toEqual([0.5, true])
  fit()
  expect(zoom.value).toBe(1)
})
