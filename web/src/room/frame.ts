/** The place a picture takes before it has come, so that no row moves when it does. */

const WIDE = 1.8
const TALL = 0.62

/** CSS `aspect-ratio` for a picture's thumbnail: its own, within bounds; 4:3 when its size is not known. */
export function frameRatio(width?: number | null, height?: number | null): number {
  if (!width || !height) return 4 / 3
  return Math.min(WIDE, Math.max(TALL, width / height))
}
