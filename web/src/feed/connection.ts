/** The app's one live connection, made when a room is first looked at and ended with the session. */
import { listRooms, liveTicket, readActs } from '@/api/court'
import { asProblem } from '@/api/problem'
import { onFarewell } from '@/stores/session'
import { createLive, wakeOnReturn, type Live, type Socket } from './live'

let live: Live | null = null
let quiet: (() => void) | null = null

export function useLive(): Live {
  if (live && live.state !== 'ended') return live
  live = createLive({
    ticket: () =>
      liveTicket().then(
        (answer) => answer.ticket,
        (error: unknown) => {
          if (asProblem(error).status === 401) return 'ended' as const
          throw error
        },
      ),
    connect: (protocols) => new WebSocket(address(), protocols) as Socket,
    acts: (room, after) => readActs(room, after, 200),
    healthy: () => fetch('/healthz', { cache: 'no-store' }).then((answer) => answer.ok),
    random: Math.random,
  })
  quiet?.()
  const present = live
  quiet = wakeOnReturn(() => present.wake())
  // The socket says that the session is over; any refused call leads to the login page.
  present.onState((state) => void (state === 'ended' && present === live && listRooms().catch(() => undefined)))
  return live
}

onFarewell(() => {
  live?.end()
  live = null
  quiet?.()
  quiet = null
})

function address(): string {
  const { protocol, host } = window.location
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/api/live`
}
