/**
 * Whether a paper on a photo can be read: the measures of `crates/papers/src/photo`, on copies that a canvas made small.
 *
 * The numbers and the words are the same table, `catalog/photo.json`; the way to them is told there, in the same steps and under the
 * same names. What is said here spares somebody an upload; what the server says counts.
 */
import table from '../../../catalog/photo.json'
import { area, type Colour, cornersOutside, findPage, type Grey, histogramOf, lumaAt, type Page, percentile, scaled, tiltOf } from './page'
import { skewOf } from './skew'

export type Told = keyof typeof table.told
export type Grade = 'hint' | 'fault'
export interface Finding {
  what: Told
  grade: Grade
}

const SMALL = 500
const WIDE = 620

/** What a copy of the picture looks like, at most as large as the picture. */
export type Draw = (width: number, height: number) => Colour

/** What should be told of a picture of this size, the worst first. */
export function look(width: number, height: number, draw: Draw): Finding[] {
  const small = draw(...sides(width, height, SMALL / Math.max(width, height)))
  const page = findPage(small)
  const across = page ? (widthOf(page) * width) / small.width : Math.min(width, height)
  const mid = grey(draw(...sides(width, height, WIDE / Math.max(1, across))))
  const shown = page && scaled(page, mid.width / small.width, mid.height / small.height)
  const spread = spreadOf(mid, shown)
  const wide = shown ? widthOf(shown) : Math.min(mid.width, mid.height)
  const blur = spread === null ? null : (spread * WIDE) / Math.max(1, wide)
  const outside = page ? cornersOutside(page, small) : 4
  const tilt = page && outside < 4 ? tiltOf(page.corners) : skewOf(halved(mid, 700))
  const light = lightOf(small, page)

  const whole = page && outside === 0 ? page : null
  const graded: [Told, Grade | null][] = [
    ['small_photo', isSmall(width, height) ? 'fault' : null],
    ['cut_photo', page && outside > 0 && outside < 4 ? 'fault' : null],
    ['blurred_photo', blur === null ? null : above(table.blur, blur)],
    ['dark_photo', below(table.light, light)],
    ['far_photo', whole && below(table.page, whole.share)],
    ['crooked_photo', tilt === null ? null : above(table.tilt, Math.abs(tilt))],
    ['slanted_photo', whole && above(table.slant, slantOf(whole))],
    ['folded_photo', whole && below(table.flat, whole.solidity)],
  ]
  const findings = graded.filter((one): one is [Told, Grade] => one[1] !== null).map(([what, grade]) => ({ what, grade }))
  return [...findings.filter((one) => one.grade === 'fault'), ...findings.filter((one) => one.grade === 'hint')]
}

/** Whether print on a photo of this size is hard to read, either way up. */
export function isSmall(width: number, height: number): boolean {
  return Math.min(width, height) < table.size.short || Math.max(width, height) < table.size.long
}

function above(bounds: { hint: number; fault: number }, value: number): Grade | null {
  return value > bounds.fault ? 'fault' : value > bounds.hint ? 'hint' : null
}
function below(bounds: { hint: number; fault: number }, value: number): Grade | null {
  return value < bounds.fault ? 'fault' : value < bounds.hint ? 'hint' : null
}

function sides(width: number, height: number, scale: number): [number, number] {
  const side = (length: number): number => Math.min(length, Math.max(1, Math.round(length * Math.min(1, scale))))
  return [side(width), side(height)]
}

const apart = (a: readonly [number, number], b: readonly [number, number]): number => Math.hypot(a[0] - b[0], a[1] - b[1])

function widthOf({ corners: [tl, tr, br, bl] }: Page): number {
  return (apart(tl, tr) + apart(bl, br)) / 2
}

function slantOf({ corners: [tl, tr, br, bl] }: Page): number {
  const differ = (one: number, other: number): number => Math.abs(one - other) / Math.max(one, other, 1)
  return Math.max(differ(apart(tl, tr), apart(bl, br)), differ(apart(tl, bl), apart(tr, br)))
}

function grey({ width, height, data }: Colour): Grey {
  const out = new Uint8Array(width * height)
  for (let i = 0; i < out.length; i += 1) out[i] = lumaAt(data, i)
  return { width, height, data: out }
}

function halved(picture: Grey, edge: number): Grey {
  let copy = picture
  while (Math.max(copy.width, copy.height) >= 2 * edge) {
    const from = copy
    const [width, height] = [from.width >> 1, from.height >> 1]
    const data = new Uint8Array(width * height)
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const at = 2 * y * from.width + 2 * x
        data[y * width + x] = (from.data[at]! + from.data[at + 1]! + from.data[at + from.width]! + from.data[at + from.width + 1]! + 2) >> 2
      }
    }
    copy = { width, height, data }
  }
  return copy
}

/** How light the sheet is: its median; without one the lightness that a twentieth of the picture passes. */
function lightOf(small: Colour, page: Page | null): number {
  return percentile(histogramOf(small, page), page ? 0.5 : 0.95)
}

/** The spread of the edges on the sheet (or on all of the picture), in pixels; null where there are none. */
function spreadOf({ width, height, data }: Grey, page: Page | null): number | null {
  const on = page && area(page)
  const rows: [number, number, number][] = []
  for (let y = 1; y < height - 1; y += 1) {
    let [from, to] = [1, width - 1]
    while (from < to && on && !on(from + 0.5, y + 0.5)) from += 1
    while (to > from && on && !on(to - 0.5, y + 0.5)) to -= 1
    if (from < to) rows.push([y, from, to])
  }
  const visit = (each: (step: number, bend: number) => void): void => {
    for (const [y, from, to] of rows) {
      for (let x = from; x < to; x += 1) {
        const at = y * width + x
        const [left, right, up, down] = [data[at - 1]!, data[at + 1]!, data[at - width]!, data[at + width]!]
        each((right - left) ** 2 + (down - up) ** 2, left + right + up + down - 4 * data[at]!)
      }
    }
  }
  const classes = new Uint32Array(512)
  visit((step) => (classes[Math.min(511, Math.floor(Math.sqrt(step)))]! += 1))
  const all = classes.reduce((sum, count) => sum + count, 0)
  let over = 0
  let top = 511
  for (; top >= 0; top -= 1) {
    over += classes[top]!
    if (over > 0 && over >= 0.002 * all) break
  }
  if (top < 0) return null
  const floor = Math.floor((Math.max(0.4 * (top / 2), 5) * 2) ** 2)
  const edges = { first: 0, second: 0, count: 0 }
  const grain = { first: 0, second: 0, count: 0 }
  const faint = Math.floor(floor / 16)
  visit((step, bend) => {
    const group = step >= floor ? edges : step < faint ? grain : null
    if (!group) return
    group.first += step
    group.second += bend * bend
    group.count += 1
  })
  if (edges.count < 200) return null
  const mean = (group: typeof edges): [number, number] => (group.count < 200 ? [0, 0] : [group.first / group.count, group.second / group.count])
  const [edge, flat] = [mean(edges), mean(grain)]
  return Math.sqrt((edge[0] - flat[0]) / 4 / (2 * Math.max(edge[1] - flat[1], 0.05 * edge[1])))
}
