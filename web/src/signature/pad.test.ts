import { expect, it } from 'vitest'
import { isWritten, strokesOf, turned } from './pad'

const point = (x: number, y: number, time = 0) => ({ x, y, time, pressure: 0.5 })
const stroke = (...points: ReturnType<typeof point>[]) => ({ points }) as unknown as Parameters<typeof isWritten>[0][number]

it('a slip of the finger is no signature', () => {
  expect(isWritten([])).toBe(false)
  expect(isWritten([stroke(point(1, 1), point(2, 2))])).toBe(false)
  expect(isWritten([stroke(...Array.from({ length: 6 }, (_, i) => point(i, i)))])).toBe(true)
})

it('what is written stays where it was when the phone is turned, there and back', () => {
  const [width, height] = [390, 844]
  // In portrait the head of the page is at the right: a point near it is near the top in landscape.
  const written = [stroke(point(380, 20), point(10, 800))]
  const lying = turned(written, true, width, height)
  expect(lying[0]!.points.map(({ x, y }) => [x, y])).toEqual([[20, 10], [800, 380]])
  expect(turned(lying, false, height, width)[0]!.points.map(({ x, y }) => [x, y])).toEqual([[380, 20], [10, 800]])
})

it('strokes are sent as numbers from the first moment, thinned where there are too many', () => {
  const strokes = strokesOf([stroke(point(1.234, 5, 1000), point(2, 6, 1016)), stroke(point(3, 7, 1500))])
  expect(strokes).toEqual([[[1.2, 5, 0, 0.5], [2, 6, 16, 0.5]], [[3, 7, 500, 0.5]]])
  const many = strokesOf([stroke(...Array.from({ length: 10_000 }, (_, i) => point(i, i, i)))])
  expect(many[0]!.length).toBeLessThanOrEqual(3_000)
})
