/** By how many degrees lines of print are turned: the steps of `crates/papers/src/photo/skew.rs`. */
import type { Grey } from './page'

const MOST = 15
const CLEAR = 1.6
const REACH = 12

/** The turn of the print, clockwise; null when there are no lines. */
export function skewOf(grey: Grey): number | null {
  const ink = inkOf(grey)
  const all = grey.width * grey.height
  if (ink.length / 2 < 0.003 * all || ink.length / 2 > 0.3 * all) return null
  const coarse = steps(-MOST, MOST, 0.5).map((angle) => [angle, contrast(ink, grey, angle)] as const)
  const usual = coarse.map(([, value]) => value).sort((a, b) => a - b)[coarse.length >> 1]!
  const near = best(coarse)
  if (near[1] < CLEAR * usual) return null
  return best(steps(near[0] - 0.5, near[0] + 0.5, 0.1).map((angle) => [angle, contrast(ink, grey, angle)] as const))[0]
}

function steps(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step)
}

function best(angles: (readonly [number, number])[]): readonly [number, number] {
  return angles.reduce((one, other) => (other[1] >= one[1] ? other : one))
}

/** The places that are clearly darker than what is around them: x, y, x, y … */
function inkOf({ width, height, data }: Grey): Float64Array {
  const sums = new Float64Array((width + 1) * (height + 1))
  for (let y = 0; y < height; y += 1) {
    let row = 0
    for (let x = 0; x < width; x += 1) {
      row += data[y * width + x]!
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row
    }
  }
  const ink: number[] = []
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [Math.max(0, y - REACH), Math.min(height, y + REACH + 1)]
    for (let x = 0; x < width; x += 1) {
      const [left, right] = [Math.max(0, x - REACH), Math.min(width, x + REACH + 1)]
      const at = (column: number, row: number): number => sums[row * (width + 1) + column]!
      const sum = at(right, bottom) + at(left, top) - at(left, bottom) - at(right, top)
      if (data[y * width + x]! * (right - left) * (bottom - top) * 100 < sum * 85) ink.push(x, y)
    }
  }
  return Float64Array.from(ink)
}

function contrast(ink: Float64Array, grey: Grey, angle: number): number {
  const slope = Math.tan((angle * Math.PI) / 180)
  const reach = Math.ceil(grey.width * Math.abs(slope))
  const parallels = new Float64Array(grey.height + 2 * reach + 3)
  for (let i = 0; i < ink.length; i += 2) parallels[Math.floor(ink[i + 1]! - ink[i]! * slope + reach)]! += 1
  let sum = 0
  for (let i = 1; i < parallels.length; i += 1) sum += (parallels[i]! - parallels[i - 1]!) ** 2
  return sum
}
