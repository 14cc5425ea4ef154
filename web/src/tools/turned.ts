/** A photo as it is shown: upright, turned by quarters as the person says, not larger than a screen needs. */

const EDGE = 1600

export interface Shown {
  url: string
  width: number
  height: number
}

/** Null when this browser cannot read the picture. */
export async function shown(photo: Blob, turn: number): Promise<Shown | null> {
  try {
    const picture = await createImageBitmap(photo)
    const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height))
    const [across, down] = [Math.round(picture.width * scale), Math.round(picture.height * scale)]
    const canvas = document.createElement('canvas')
    const [width, height] = turn % 2 ? [down, across] : [across, down]
    Object.assign(canvas, { width, height })
    const context = canvas.getContext('2d')!
    context.translate(width / 2, height / 2)
    context.rotate((turn * Math.PI) / 2)
    context.drawImage(picture, -across / 2, -down / 2, across, down)
    picture.close()
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.85))
    return blob && { url: URL.createObjectURL(blob), width, height }
  } catch {
    return null
  }
}

/** Where a place of the photo as it was sent is on the photo as it is shown. */
export function turnedPlace([x, y]: readonly [number, number], turn: number): [number, number] {
  if (turn === 1) return [1 - y, x]
  if (turn === 2) return [1 - x, 1 - y]
  if (turn === 3) return [y, 1 - x]
  return [x, y]
}
