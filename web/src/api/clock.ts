// The server's clock as the app knows it. Deadlines are counted from it, never from the device's own clock.

let offset = 0

/** Keeps the difference between the server's `now` (RFC 3339) and the device's clock. */
export function noteServerNow(now: string): void {
  const server = Date.parse(now)
  if (!Number.isNaN(server)) offset = server - Date.now()
}

/** Milliseconds since 1970 by the server's clock. */
export function serverNow(): number {
  return Date.now() + offset
}
