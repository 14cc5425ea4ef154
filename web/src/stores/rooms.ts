import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { listRooms } from '@/api/court'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { Id, RoomCard } from '@/api/types'
import { onFarewell } from './session'

/** My rooms, as 首页, 消息 and the rail's badge show them. */
export const useRooms = defineStore('rooms', () => {
  const rooms = ref<RoomCard[] | null>(null)
  const problem = ref<ApiProblem | null>(null)
  const loading = ref(false)

  const unread = computed(() => (rooms.value ?? []).reduce((sum, room) => sum + room.unread, 0))

  /** Fetches the list again. A failure keeps what is shown and is told in `problem`. */
  async function load(): Promise<void> {
    if (loading.value) return
    loading.value = true
    try {
      rooms.value = await listRooms()
      problem.value = null
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      loading.value = false
    }
  }

  /** What the room page learnt: everything up to the head has been read. */
  function noteRead(room: Id): void {
    const card = rooms.value?.find((r) => r.id === room)
    if (card) card.unread = 0
  }

  /** Drops the list: another person, or another capacity. */
  function reset(): void {
    rooms.value = null
    problem.value = null
  }
  onFarewell(reset)

  return { rooms, problem, loading, unread, load, noteRead, reset }
})
