/** Whether a photo is large enough to be read: a page of text wants 1080×1440, either way up. */

export const SHORT_SIDE = 1080
export const LONG_SIDE = 1440

/** Width and height in pixels; null when this browser cannot read the picture. */
export async function photoSize(file: Blob): Promise<{ width: number; height: number } | null> {
  try {
    const picture = await createImageBitmap(file)
    const size = { width: picture.width, height: picture.height }
    picture.close()
    return size
  } catch {
    return null
  }
}

export function isSmallPhoto(size: { width: number; height: number }): boolean {
  const short = Math.min(size.width, size.height)
  const long = Math.max(size.width, size.height)
  return short < SHORT_SIDE || long < LONG_SIDE
}
