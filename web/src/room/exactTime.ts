import { fullTime } from '@/time'

/** 2026年11月23日 14:05:09.123456, Beijing time, as exact as the record gives it. */
export function exactTime(at: string): string {
  const seconds = /T\d{2}:\d{2}:(\d{2}(?:\.\d+)?)/.exec(at)?.[1] ?? '00'
  return `${fullTime(at)}:${seconds}`
}
