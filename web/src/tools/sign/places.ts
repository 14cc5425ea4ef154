/** Where a signature goes: boxes on pages, in points from the top left corner of a page as it is seen. Pure, but for the history it keeps. */
import { computed, ref } from 'vue'

export interface Size {
  width: number
  height: number
}

export interface Place extends Size {
  id: number
  /** From 1. */
  page: number
  x: number
  y: number
}

/** The most places in one file; the court takes no more. */
export const MOST = 100
/** The shortest edge that can still be read and taken hold of, in points. */
const SMALLEST = 12

/** A signature of this proportion (width by height) in its first size: three tenths of the page, with its middle where it was tapped. */
export function placed(page: number, size: Size, ratio: number, middle: { x: number; y: number }): Omit<Place, 'id'> {
  const width = Math.min(size.width * 0.3, size.height * 0.2 * ratio)
  const height = width / ratio
  return within({ page, x: middle.x - width / 2, y: middle.y - height / 2, width, height }, size)
}

/** The same box moved so that no part of it hangs over the page's edge; one that is larger than the page is made smaller first. */
export function within<P extends Omit<Place, 'id'>>(place: P, size: Size): P {
  const scale = Math.min(1, size.width / place.width, size.height / place.height)
  const [width, height] = [place.width * scale, place.height * scale]
  const x = Math.min(Math.max(0, place.x), size.width - width)
  const y = Math.min(Math.max(0, place.y), size.height - height)
  return { ...place, x, y, width, height }
}

/** The box scaled about its middle, or about its upper left corner when that is what is held. */
export function scaled<P extends Omit<Place, 'id'>>(place: P, factor: number, size: Size, about: 'middle' | 'corner'): P {
  const room = about === 'corner' ? Math.min((size.width - place.x) / place.width, (size.height - place.y) / place.height) : Infinity
  const least = SMALLEST / Math.min(place.width, place.height)
  const by = Math.max(Math.min(factor, room), Math.min(1, least))
  const [width, height] = [place.width * by, place.height * by]
  const shift = about === 'middle' ? 0.5 : 0
  return within({ ...place, width, height, x: place.x - (width - place.width) * shift, y: place.y - (height - place.height) * shift }, size)
}

/** To hundredths of a point, as the court reckons. */
export function exact(place: Place): Omit<Place, 'id'> {
  const round = (points: number) => Math.round(points * 100) / 100
  return { page: place.page, x: round(place.x), y: round(place.y), width: round(place.width), height: round(place.height) }
}

export function usePlaces(sizes: () => readonly Size[]) {
  const places = ref<Place[]>([])
  const chosen = ref<number | null>(null)
  const past = ref<Place[][]>([])
  let next = 1

  const sizeOf = (page: number): Size => sizes()[page - 1] ?? { width: 1, height: 1 }
  const one = (id: number | null) => places.value.find((place) => place.id === id)

  /** What is there now can be come back to. A drag remembers once, at its first step. */
  function remember(): void {
    past.value = [...past.value.slice(-99), places.value.map((place) => ({ ...place }))]
  }

  function add(page: number, ratio: number, middle?: { x: number; y: number }): number | null {
    if (places.value.length >= MOST) return null
    remember()
    const size = sizeOf(page)
    const id = next++
    // Without a pointer it comes to where signatures usually stand: below, to the right.
    const where = middle ?? { x: size.width * 0.72, y: size.height * 0.82 }
    places.value = [...places.value, { id, ...placed(page, size, ratio, where) }]
    chosen.value = id
    return id
  }

  function change(id: number, how: (place: Place, size: Size) => Place): void {
    places.value = places.value.map((place) => (place.id === id ? how(place, sizeOf(place.page)) : place))
  }
  const move = (id: number, x: number, y: number) => change(id, (place, size) => within({ ...place, x, y }, size))
  const scale = (id: number, factor: number, about: 'middle' | 'corner' = 'middle') => change(id, (place, size) => scaled(place, factor, size, about))

  function remove(id: number): Place | undefined {
    const gone = one(id)
    if (!gone) return
    remember()
    places.value = places.value.filter((place) => place.id !== id)
    if (chosen.value === id) chosen.value = null
    return gone
  }

  function undo(): void {
    const before = past.value.at(-1)
    if (!before) return
    past.value = past.value.slice(0, -1)
    places.value = before
    if (!one(chosen.value)) chosen.value = null
  }

  function clear(): void {
    places.value = []
    past.value = []
    chosen.value = null
  }

  return { places, chosen, current: computed(() => one(chosen.value)), canUndo: computed(() => past.value.length > 0), add, move, scale, remove, undo, remember, clear, sizeOf }
}
