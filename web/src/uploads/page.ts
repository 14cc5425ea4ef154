/** Where on a small copy of a photo the sheet of paper is: the steps of `crates/papers/src/photo/page.rs` and `quad.rs`. */
import table from '../../../catalog/photo.json'

/** A picture in grey: one byte a pixel. */
export interface Grey {
  width: number
  height: number
  data: Uint8Array
}

/** A picture in colour, as a canvas gives it: four bytes a pixel. */
export interface Colour {
  width: number
  height: number
  data: Uint8ClampedArray
}

type Point = readonly [number, number]

/** A sheet, in pixels of the copy it was found on. */
export interface Page {
  /** Top left, top right, bottom right, bottom left. */
  corners: readonly [Point, Point, Point, Point]
  /** Its share of the picture. */
  share: number
  /** How much of the shape between the corners is paper. */
  solidity: number
}

/** The sheet on this copy; null when none can be told from what is around it. */
export function findPage(small: Colour): Page | null {
  const scores = new Uint8Array(small.width * small.height)
  for (let i = 0; i < scores.length; i += 1) scores[i] = paper(small.data, i * 4)
  const light = parted(scores, 0)
  if (light === null) return null
  const first = sheetAmong(scores, small, light)
  if (first && cornersOutside(first, small) < 4) return first
  const lighter = parted(scores, light)
  const second = lighter === null ? null : sheetAmong(scores, small, lighter)
  return second && cornersOutside(second, small) < 4 ? second : first
}

/** The same on another copy of the picture. */
export function scaled(page: Page, x: number, y: number): Page {
  const corner = (p: Point): Point => [p[0] * x, p[1] * y]
  const [a, b, c, d] = page.corners
  return { ...page, corners: [corner(a), corner(b), corner(c), corner(d)] }
}

/** By how many degrees four edges are turned clockwise, at most 45 either way; longer edges count more. */
export function tiltOf(corners: readonly Point[]): number {
  let [sine, cosine] = [0, 0]
  edges(corners).forEach(([a, b]) => {
    const angle = 4 * Math.atan2(b[1] - a[1], b[0] - a[0])
    const length = Math.hypot(b[0] - a[0], b[1] - a[1])
    sine += length * Math.sin(angle)
    cosine += length * Math.cos(angle)
  })
  return (Math.atan2(sine, cosine) / 4) * (180 / Math.PI)
}

/** Whether a pixel is on the sheet, away from its edges. */
export function area(page: Page): (x: number, y: number) => boolean {
  const [tl, tr, br, bl] = page.corners
  const apart = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1])
  const width = (apart(tl, tr) + apart(bl, br)) / 2
  const height = (apart(tl, bl) + apart(tr, br)) / 2
  const inset = 0.015 * Math.min(width, height)
  const lines = edges(page.corners).map(([a, b]) => {
    const length = Math.max(apart(a, b), 1e-9)
    return { x: a[0], y: a[1], dx: (b[0] - a[0]) / length, dy: (b[1] - a[1]) / length }
  })
  return (x, y) => lines.every((line) => line.dx * (y - line.y) - line.dy * (x - line.x) > inset)
}

/** How many corners are at the border, or beyond it. */
export function cornersOutside(page: Page, { width, height }: { width: number; height: number }): number {
  const near = table.sheet.margin * Math.max(width, height)
  return page.corners.filter(([x, y]) => x < near || y < near || x > width - near || y > height - near).length
}

/** How often each lightness is on the sheet, or on all of the picture. */
export function histogramOf({ width, height, data }: Colour, page: Page | null): Uint32Array {
  const histogram = new Uint32Array(256)
  const on = page && area(page)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!on || on(x + 0.5, y + 0.5)) histogram[lumaAt(data, y * width + x)]! += 1
    }
  }
  return histogram
}

/** The least value that this share of what was counted does not pass. */
export function percentile(histogram: Uint32Array, share: number): number {
  const wanted = share * histogram.reduce((sum, count) => sum + count, 0)
  let seen = 0
  for (let value = 0; value < 256; value += 1) {
    seen += histogram[value]!
    if (seen >= wanted) return value
  }
  return 255
}

/** How light a pixel looks. */
export function lumaAt(data: Uint8ClampedArray, pixel: number): number {
  const at = pixel * 4
  return (77 * data[at]! + 150 * data[at + 1]! + 29 * data[at + 2]!) >> 8
}

function edges(corners: readonly Point[]): [Point, Point][] {
  return corners.map((corner, i) => [corner, corners[(i + 1) % corners.length]!])
}

function paper(data: Uint8ClampedArray, at: number): number {
  const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!]
  const least = Math.min(r, g, b)
  return Math.max(0, least - (Math.max(r, g, b) - least))
}

/** The threshold that parts those above `least` in two groups best; null when they hardly differ. */
function parted(scores: Uint8Array, least: number): number | null {
  const histogram = new Float64Array(256)
  for (const score of scores) if (least === 0 || score > least) histogram[score]! += 1
  const total = histogram.reduce((sum, count) => sum + count, 0)
  const all = histogram.reduce((sum, count, value) => sum + count * value, 0)
  let [under, sum] = [0, 0]
  let best = { between: 0, value: 0, apart: 0 }
  for (let value = 0; value < 256; value += 1) {
    under += histogram[value]!
    sum += histogram[value]! * value
    const over = total - under
    if (under === 0 || over === 0) continue
    const apart = (all - sum) / over - sum / under
    const between = under * over * apart * apart
    if (between > best.between) best = { between, value, apart }
  }
  return best.apart >= table.sheet.contrast ? best.value : null
}

function sheetAmong(scores: Uint8Array, small: Colour, threshold: number): Page | null {
  const { width, height } = small
  const mask = scores.map((score) => (score > threshold ? 1 : 0))
  const group = largest(opened(mask, width, height), width, height)
  if (!group) return null
  const sheet = filled(group, width, height)
  const count = sheet.reduce((sum, on) => sum + on, 0)
  const share = count / (width * height)
  if (share < table.sheet.least) return null
  const four = fourCorners(hull(outline(sheet, width, height)))
  if (!four) return null
  const corners = ordered(four)
  const solidity = Math.min(1, count / Math.max(1, inside(corners, width, height)))
  const page: Page = { corners, share, solidity }
  const is = solidity >= table.sheet.solid && hasEdges(scores, width, page) && ink(small, page) >= table.sheet.ink
  return is ? page : null
}

function hasEdges(scores: Uint8Array, width: number, page: Page): boolean {
  const at = (x: number, y: number): number | null => {
    if (x < 0 || y < 0 || x >= width) return null
    return scores[Math.floor(y) * width + Math.floor(x)] ?? null
  }
  return edges(page.corners).every(([a, b]) => {
    const length = Math.max(Math.hypot(a[0] - b[0], a[1] - b[1]), 1e-9)
    const [ix, iy] = [(-(b[1] - a[1]) / length) * 4, ((b[0] - a[0]) / length) * 4]
    const steps: number[] = []
    for (let i = 2; i <= 18; i += 1) {
      const [x, y] = [a[0] + ((b[0] - a[0]) * i) / 20, a[1] + ((b[1] - a[1]) * i) / 20]
      const [within, beside] = [at(x + ix, y + iy), at(x - ix, y - iy)]
      if (within !== null && beside !== null) steps.push(within - beside)
    }
    steps.sort((one, other) => one - other)
    return steps.length < 5 || steps[steps.length >> 1]! >= table.sheet.step
  })
}

/** Without what is thinner than three pixels. */
function opened(mask: Uint8Array, width: number, height: number): Uint8Array {
  const spread = (from: Uint8Array, keep: number): Uint8Array => {
    const out = from.slice()
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        let hit = false
        for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1) && !hit; row += 1) {
          for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column += 1) {
            if (from[row * width + column] === keep) hit = true
          }
        }
        out[y * width + x] = hit ? keep : 1 - keep
      }
    }
    return out
  }
  return spread(spread(mask, 0), 1)
}

/** Goes from `start` to all its neighbours that `enter` lets in; how many those were. */
function flood(start: number, width: number, height: number, enter: (at: number) => boolean): number {
  const waiting: number[] = enter(start) ? [start] : []
  let count = 0
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    count += 1
    const [x, y] = [at % width, Math.floor(at / width)]
    if (x > 0 && enter(at - 1)) waiting.push(at - 1)
    if (x + 1 < width && enter(at + 1)) waiting.push(at + 1)
    if (y > 0 && enter(at - width)) waiting.push(at - width)
    if (y + 1 < height && enter(at + width)) waiting.push(at + width)
  }
  return count
}

/** The largest group of pixels that hang together. */
function largest(mask: Uint8Array, width: number, height: number): Uint8Array | null {
  const seen = new Uint32Array(mask.length)
  let label = 0
  let best = { count: 0, label: 0 }
  for (let start = 0; start < mask.length; start += 1) {
    if (!mask[start] || seen[start]) continue
    label += 1
    const count = flood(start, width, height, (at) => {
      if (!mask[at] || seen[at]) return false
      seen[at] = label
      return true
    })
    if (count >= best.count) best = { count, label }
  }
  return best.count === 0 ? null : mask.map((_, at) => (seen[at] === best.label ? 1 : 0))
}

/** With the holes that it encloses. */
function filled(mask: Uint8Array, width: number, height: number): Uint8Array {
  const around = new Uint8Array(mask.length)
  const enter = (at: number): boolean => {
    if (mask[at] || around[at]) return false
    around[at] = 1
    return true
  }
  for (let x = 0; x < width; x += 1) {
    flood(x, width, height, enter)
    flood((height - 1) * width + x, width, height, enter)
  }
  for (let y = 0; y < height; y += 1) {
    flood(y * width, width, height, enter)
    flood(y * width + width - 1, width, height, enter)
  }
  return around.map((on) => 1 - on)
}

/** The first and the last pixel of each row, at the pixels' outer corners. */
function outline(mask: Uint8Array, width: number, height: number): Point[] {
  const points: Point[] = []
  for (let y = 0; y < height; y += 1) {
    const row = mask.subarray(y * width, (y + 1) * width)
    const first = row.indexOf(1)
    if (first < 0) continue
    const last = row.lastIndexOf(1) + 1
    points.push([first, y], [first, y + 1], [last, y], [last, y + 1])
  }
  return points
}

function cross(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/** The convex hull, clockwise. */
export function hull(points: Point[]): Point[] {
  const sorted = points.slice().sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const half = (half: Point[]): Point[] => {
    const chain: Point[] = []
    for (const point of half) {
      while (chain.length >= 2 && cross(chain.at(-2)!, chain.at(-1)!, point) <= 0) chain.pop()
      chain.push(point)
    }
    chain.pop()
    return chain
  }
  return [...half(sorted), ...half(sorted.map((_, i) => sorted[sorted.length - 1 - i]!))]
}

/** Four corners that enclose the hull: its least edge is taken away again and again. */
export function fourCorners(ring: Point[]): Page['corners'] | null {
  const left = ring.slice()
  while (left.length > 4) {
    const count = left.length
    let best: { at: number; cost: number; corner: Point } | null = null
    for (let at = 0; at < count; at += 1) {
      const [a, b] = [left[at]!, left[(at + 1) % count]!]
      const corner = meet(left[(at + count - 1) % count]!, a, left[(at + 2) % count]!, b)
      if (!corner) continue
      const cost = Math.abs(cross(a, corner, b))
      if (!best || cost < best.cost) best = { at, cost, corner }
    }
    if (!best) return null
    left[best.at] = best.corner
    left.splice((best.at + 1) % count, 1)
  }
  return left.length === 4 ? (left as unknown as Page['corners']) : null
}

/** Where the line from `a` over `b` and that from `c` over `d` meet, beyond `b` and beyond `d`. */
function meet(a: Point, b: Point, c: Point, d: Point): Point | null {
  const [ox, oy] = [b[0] - a[0], b[1] - a[1]]
  const [px, py] = [d[0] - c[0], d[1] - c[1]]
  const turn = ox * py - oy * px
  if (Math.abs(turn) < 1e-9) return null
  const [gx, gy] = [c[0] - a[0], c[1] - a[1]]
  const along = (gx * py - gy * px) / turn
  const across = (gx * oy - gy * ox) / turn
  return along >= 1 && across >= 1 ? [a[0] + along * ox, a[1] + along * oy] : null
}

function inside(corners: Page['corners'], width: number, height: number): number {
  const lines = edges(corners)
  let count = 0
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (lines.every(([a, b]) => (b[0] - a[0]) * (y + 0.5 - a[1]) - (b[1] - a[1]) * (x + 0.5 - a[0]) >= 0)) count += 1
    }
  }
  return count
}

/** The corners, that which is top left once the sheet is turned upright first. */
function ordered(corners: Page['corners']): Page['corners'] {
  const turn = (tiltOf(corners) * Math.PI) / 180
  const [sine, cosine] = [Math.sin(turn), Math.cos(turn)]
  const diagonal = ([x, y]: Point): number => x * cosine + y * sine + (y * cosine - x * sine)
  const values = corners.map(diagonal)
  const first = values.indexOf(Math.min(...values))
  return [0, 1, 2, 3].map((i) => corners[(first + i) % 4]!) as unknown as Page['corners']
}

/** How much of the sheet is clearly darker than most of it. */
function ink(small: Colour, page: Page): number {
  const histogram = histogramOf(small, page)
  const dark = 0.82 * percentile(histogram, 0.5)
  let [marks, all] = [0, 0]
  histogram.forEach((count, value) => {
    all += count
    if (value < dark) marks += count
  })
  return marks / Math.max(1, all)
}
