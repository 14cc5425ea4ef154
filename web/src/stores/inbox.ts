import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { inboxCounts } from '@/api/court'
import type { InboxCounts } from '@/api/types'
import { useRooms } from './rooms'
import { onFarewell } from './session'

/** How much is not read: the number on the tab, the bell and the app's icon. The server's, so that all devices agree. */
export const useInbox = defineStore('inbox', () => {
  const counts = ref<InboxCounts | null>(null)
  const list = useRooms()
  /** Rises when something was told that the list of notifications may not have. */
  const version = ref(0)

  // Until the server has said, the rooms that are known are as good as anything.
  const unread = computed(() => counts.value?.unread ?? list.unread)
  const rooms = computed(() => counts.value?.rooms ?? list.unread)
  const notifications = computed(() => counts.value?.notifications ?? 0)

  function accept(next: InboxCounts): void {
    if (next.notifications !== counts.value?.notifications) version.value += 1
    counts.value = { unread: next.unread, rooms: next.rooms, notifications: next.notifications }
    showOnIcon(next.unread)
  }

  /** Asks the server. A failure keeps what is shown: the next answer or the live feed corrects it. */
  async function load(): Promise<void> {
    await inboxCounts().then(accept, () => undefined)
  }

  function reset(): void {
    counts.value = null
  }
  onFarewell(() => {
    reset()
    showOnIcon(0)
  })

  return { counts, unread, rooms, notifications, version, accept, load, reset }
})

/** The number on the icon of an installed app, where there is one. */
function showOnIcon(unread: number): void {
  const shown = unread > 0 ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.()
  shown?.catch(() => undefined)
}
