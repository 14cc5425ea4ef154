// @vitest-environment node
import { describe, expect, it } from 'vitest'
import table from '../../../catalog/photo.json'
import { isSmall, look } from './look'
import { type Colour, findPage, tiltOf } from './page'

interface Scene {
  width: number
  height: number
  /** Degrees, clockwise. */
  tilt: number
  /** Half the sheet's width and height, as shares of the picture's width. */
  half: [number, number]
  middle: [number, number]
  light: number
  /** How far edges are spread, in pixels of the picture. */
  blur: number
}
const usual: Scene = { width: 1200, height: 1600, tilt: 0, half: [0.45, 0.6], middle: [0.5, 0.5], light: 1, blur: 0 }

/** A sheet with lines of marks on a brown desk, drawn at the size that is asked for. */
function draw(scene: Scene) {
  return (width: number, height: number): Colour => {
    const data = new Uint8ClampedArray(width * height * 4)
    const [sine, cosine] = [Math.sin((scene.tilt * Math.PI) / 180), Math.cos((scene.tilt * Math.PI) / 180)]
    const soft = Math.max(0.35, (scene.blur * width) / scene.width)
    for (let i = 0; i < width * height; i += 1) {
      const [x, y] = [((i % width) + 0.5) / width - scene.middle[0], ((Math.floor(i / width) + 0.5) / height - scene.middle[1]) * (height / width)]
      const [u, v] = [x * cosine + y * sine, y * cosine - x * sine]
      const on = Math.abs(u) < scene.half[0] && Math.abs(v) < scene.half[1]
      const ink = on && Math.abs(u) < scene.half[0] * 0.85 && Math.abs(v) < scene.half[1] * 0.9 ? inkAt(v * width, (width / 40) * 0.8, soft) : 0
      const paper = 236 - 200 * ink
      const colour = on ? [paper, paper * 0.985, paper * 0.95] : [122, 84, 56]
      for (let channel = 0; channel < 3; channel += 1) data[i * 4 + channel] = colour[channel]! * scene.light
      data[i * 4 + 3] = 255
    }
    return { width, height, data }
  }
}

/** Bars of a third of their pitch, with edges spread by `soft`. */
function inkAt(at: number, pitch: number, soft: number): number {
  const phase = (((at % pitch) + pitch) % pitch) - pitch / 2
  const edge = (distance: number): number => 1 / (1 + Math.exp(-1.7 * (distance / soft)))
  return edge(pitch / 6 - Math.abs(phase))
}

const told = (change: Partial<Scene>): string[] => {
  const scene = { ...usual, ...change }
  return look(scene.width, scene.height, draw(scene)).map((one) => `${one.what} ${one.grade}`)
}

describe('a photo of a paper', { timeout: 30_000 }, () => {
  it('is taken without a word when it is straight, near, sharp and light', () => {
    expect(told({})).toEqual([])
    expect(told({ tilt: 2 })).toEqual([])
  })

  it('is told when it could be better, and how bad it is', () => {
    expect(told({ tilt: 5, half: [0.42, 0.55] })).toEqual(['crooked_photo hint'])
    expect(told({ tilt: -12, half: [0.37, 0.51] })).toContain('crooked_photo fault')
    expect(told({ half: [0.2, 0.27] })).toContain('far_photo fault')
    expect(told({ light: 0.33 })).toEqual(['dark_photo hint'])
    expect(told({ middle: [0.6, 0.5] })).toEqual(['cut_photo fault'])
    expect(told({ blur: 4 })).toContain('blurred_photo fault')
    expect(told({ width: 900, height: 1200 })).toContain('small_photo fault')
  })

  it('what is no paper is not measured as one', () => {
    const plain = (grey: number) => (width: number, height: number) => ({ width, height, data: new Uint8ClampedArray(width * height * 4).fill(grey) })
    expect(look(1500, 2000, plain(240))).toEqual([])
    expect(look(1500, 2000, plain(130))).toEqual([])
  })

  it('corners are found wherever the sheet lies', () => {
    for (const tilt of [-20, -7, 0, 13, 25]) {
      const page = findPage(draw({ ...usual, tilt, half: [0.3, 0.42], middle: [0.48, 0.52] })(375, 500))!
      expect(tiltOf(page.corners)).toBeCloseTo(tilt, 0)
      expect(page.share).toBeCloseTo((0.6 * 0.84) / (4 / 3), 1)
    }
  })

  it('small is under 1080×1440, either way up', () => {
    expect([isSmall(1080, 1440), isSmall(1440, 1080), isSmall(1079, 4000), isSmall(1200, 1200)]).toEqual([false, false, true, true])
  })

  it('every word of the table has its sentence', () => {
    for (const { name, hint } of Object.values(table.told)) expect([name.length > 0, hint.endsWith('。')]).toEqual([true, true])
  })
})
