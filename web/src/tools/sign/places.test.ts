import { describe, expect, it } from 'vitest'
import { exact, MOST, placed, scaled, usePlaces, within } from './places'

const A4 = { width: 595, height: 842 }

describe('places of a signature', () => {
  it('begins in three tenths of the page, with its middle where it was tapped, and never hangs over the edge', () => {
    const place = placed(1, A4, 3, { x: 300, y: 400 })
    expect([place.x + place.width / 2, place.y + place.height / 2]).toEqual([300, 400])
    expect(place.width).toBeCloseTo(178.5)
    expect(place.width / place.height).toBeCloseTo(3)
    const corner = placed(1, A4, 3, { x: 594, y: 841 })
    expect(corner.x + corner.width).toBeCloseTo(595)
    expect(corner.y + corner.height).toBeCloseTo(842)
    expect(placed(1, { width: 100, height: 20 }, 0.5, { x: 0, y: 0 }).height).toBeLessThanOrEqual(20)
  })

  it('keeps its proportions when it is scaled, is held at its corner, and stays large enough to take hold of', () => {
    const place = { page: 1, x: 100, y: 100, width: 120, height: 40 }
    const larger = scaled(place, 2, A4, 'middle')
    expect(larger).toEqual({ page: 1, x: 40, y: 80, width: 240, height: 80 })
    expect(scaled(place, 100, A4, 'corner')).toMatchObject({ x: 100, y: 100, width: 495, height: 165 })
    expect(scaled(place, 0.001, A4, 'middle').height).toBeCloseTo(12)
    expect(within({ ...place, width: 1190 }, A4).width).toBe(595)
  })

  it('is added, moved, removed, and every step is undone', () => {
    const { places, chosen, canUndo, add, move, remove, undo, remember } = usePlaces(() => [A4, A4])
    const first = add(1, 3, { x: 300, y: 400 })!
    add(2, 3)
    expect(places.value.map((place) => place.page)).toEqual([1, 2])
    remember()
    move(first, -50, 9000)
    expect(places.value[0]).toMatchObject({ x: 0 })
    expect(places.value[0]!.y + places.value[0]!.height).toBeCloseTo(842)
    remove(first)
    expect(places.value).toHaveLength(1)
    undo()
    undo()
    expect(places.value[0]!.x).toBeCloseTo(300 - 178.5 / 2)
    undo()
    undo()
    expect([places.value, chosen.value, canUndo.value]).toEqual([[], null, false])
    undo()
  })

  it('has no more places than the court takes, and names them in hundredths', () => {
    const { places, add } = usePlaces(() => [A4])
    for (let i = 0; i < MOST; i += 1) expect(add(1, 3)).not.toBeNull()
    expect(add(1, 3)).toBeNull()
    expect(exact({ ...places.value[0]!, x: 1.23456 })).toMatchObject({ page: 1, x: 1.23 })
    expect(exact(places.value[0]!)).not.toHaveProperty('id')
  })
})
