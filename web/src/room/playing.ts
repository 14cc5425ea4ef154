/** One voice at a time: whoever begins to play makes the one before fall silent. */
let current: HTMLMediaElement | null = null

export function playAlone(media: HTMLMediaElement): void {
  if (current && current !== media) current.pause()
  current = media
}
