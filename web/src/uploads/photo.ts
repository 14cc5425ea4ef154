/** A chosen photo, looked at before it is sent. */
import { type Colour } from './page'
import { type Finding, look } from './look'

export interface Seen {
  width: number
  height: number
  findings: Finding[]
}

/** Its size and what should be told of it; null when this browser cannot read the picture. */
export async function lookAtPhoto(file: Blob): Promise<Seen | null> {
  let picture: ImageBitmap
  try {
    picture = await createImageBitmap(file)
  } catch {
    return null
  }
  const { width, height } = picture
  try {
    return { width, height, findings: look(width, height, (w, h) => drawn(picture, w, h)) }
  } catch {
    // A canvas that gives nothing away (a privacy setting, no memory): the server looks again.
    return { width, height, findings: [] }
  } finally {
    picture.close()
  }
}

/** A small copy. Browsers make it by halves, so that every pixel of the photo counts. */
function drawn(picture: ImageBitmap, width: number, height: number): Colour {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width, height })
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.fillStyle = '#fff'
  context.fillRect(0, 0, width, height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, 0, 0, width, height)
  return context.getImageData(0, 0, width, height)
}
