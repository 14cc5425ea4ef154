/** From strokes on a screen to the picture that is kept: upright, trimmed, small. */
import type { PointGroup } from 'signature_pad'

/** The widest and highest picture, in pixels. */
const WIDE = 900
const HIGH = 360
/** Room around the strokes, in CSS pixels. */
const EDGE = 14
/** The most points that are sent along. */
const POINTS = 3_000

export type Strokes = [number, number, number, number][][]

/** A length of strokes below which nothing was written: a slip of the finger. */
export function isWritten(data: readonly PointGroup[]): boolean {
  return data.reduce((sum, group) => sum + group.points.length, 0) >= 6
}

/**
 * Where points of one way of holding the phone lie in the other. The phone is turned as the chrome is: what was at the top in portrait is at the
 * left in landscape.
 */
export function turned(data: readonly PointGroup[], toLandscape: boolean, width: number, height: number): PointGroup[] {
  return data.map((group) => ({
    ...group,
    points: group.points.map((point) => (toLandscape ? { ...point, x: point.y, y: width - point.x } : { ...point, x: height - point.y, y: point.x })),
  }))
}

/** The strokes as numbers: x, y, milliseconds from the first point, pressure. Thinned evenly where there are too many. */
export function strokesOf(data: readonly PointGroup[]): Strokes {
  const all = data.reduce((sum, group) => sum + group.points.length, 0)
  const every = Math.max(1, Math.ceil(all / POINTS))
  const begun = data[0]?.points[0]?.time ?? 0
  const whole = (n: number) => Math.round(n * 10) / 10
  return data.map((group) =>
    group.points
      .filter((_, i) => i % every === 0)
      .map((point) => [whole(point.x), whole(point.y), Math.round(point.time - begun), Math.round(point.pressure * 100) / 100]),
  )
}

/** The picture of the strokes, PNG in base64. `portrait`: they were written across an upright phone, from top to bottom. */
export function pictureOf(canvas: HTMLCanvasElement, data: readonly PointGroup[], portrait: boolean): string {
  const points = data.flatMap((group) => group.points)
  const box = canvas.getBoundingClientRect()
  const ratio = canvas.width / box.width
  const left = Math.max(0, Math.min(...points.map((p) => p.x)) - EDGE)
  const top = Math.max(0, Math.min(...points.map((p) => p.y)) - EDGE)
  const right = Math.min(box.width, Math.max(...points.map((p) => p.x)) + EDGE)
  const bottom = Math.min(box.height, Math.max(...points.map((p) => p.y)) + EDGE)
  const [w, h] = [right - left, bottom - top]
  const [across, down] = portrait ? [h, w] : [w, h]
  const scale = Math.min(2, WIDE / across, HIGH / down)
  const out = document.createElement('canvas')
  out.width = Math.max(1, Math.round(across * scale))
  out.height = Math.max(1, Math.round(down * scale))
  const draw = out.getContext('2d')!
  if (portrait) draw.setTransform(0, -1, 1, 0, 0, out.height)
  draw.drawImage(canvas, left * ratio, top * ratio, w * ratio, h * ratio, 0, 0, w * scale, h * scale)
  return base64(out)
}

/** The picture of a typed name. */
export function pictureOfName(name: string): string {
  const out = document.createElement('canvas')
  const draw = out.getContext('2d')!
  const font = "72px 'Kaiti SC', STKaiti, KaiTi, serif"
  draw.font = font
  out.width = Math.min(WIDE, Math.ceil(draw.measureText(name).width) + 40)
  out.height = 112
  draw.font = font
  draw.fillStyle = '#111111'
  draw.textBaseline = 'middle'
  draw.fillText(name, 20, 58, out.width - 40)
  return base64(out)
}

function base64(canvas: HTMLCanvasElement): string {
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '')
}
