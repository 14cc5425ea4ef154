/** Which form of sound to record: the first that this browser can make and the court takes. */

export const VOICE_TYPES = [
  'audio/webm;codecs=opus',
  'audio/mp4;codecs=mp4a.40.2',
  'audio/ogg;codecs=opus',
  'audio/mp4',
  'audio/webm',
] as const

/** The type to ask the recorder for; null when none will do. */
export function voiceType(supported: (type: string) => boolean): string | null {
  return VOICE_TYPES.find(supported) ?? null
}

/** The name a recording gets: 语音 20261123-140500.webm, by the court's time. */
export function voiceName(type: string, stamp: string): string {
  const ending = type.startsWith('audio/mp4') ? 'm4a' : type.startsWith('audio/ogg') ? 'ogg' : 'webm'
  return `语音 ${stamp}.${ending}`
}

/** 0:42, 12:05, 1:02:03 */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const s = String(whole % 60).padStart(2, '0')
  const m = Math.floor(whole / 60) % 60
  const h = Math.floor(whole / 3600)
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`
}
