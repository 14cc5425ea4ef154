/** The things that the "+" panel and the desktop's tool row offer, in one order. Nothing is offered that I may not do now. */
import { BookOpenText, CalendarClock, Camera, CirclePause, CirclePlay, CircleStop, ClipboardList, ContactRound, FileText, Folder, Images, MapPin, Mic, Phone, Video } from '@lucide/vue'
import type { Component } from 'vue'
import type { Act } from '@/api/types'

/** What the composer does itself. */
type OwnTool = 'album' | 'camera' | 'film' | 'file' | 'voice' | 'case'
/** What the room opens a sheet or a panel for. */
export type RoomTool = 'contact' | 'location' | 'matter' | 'dossier' | 'call' | 'open' | 'close' | 'reschedule' | 'end'
export type ToolKey = OwnTool | RoomTool

export interface Tool {
  key: ToolKey
  icon: Component
  /** Any of these act kinds must be mine; none for what needs no right. */
  needs: readonly Act['kind'][]
  /** Where it is offered. */
  on: 'both' | 'phone' | 'desk'
  /** Whether it can go to one member alone. */
  private?: true
}

const TOOLS: readonly Tool[] = [
  { key: 'album', icon: Images, needs: ['speech.photo', 'speech.video'], on: 'both', private: true },
  { key: 'camera', icon: Camera, needs: ['speech.photo'], on: 'phone', private: true },
  { key: 'film', icon: Video, needs: ['speech.video'], on: 'phone', private: true },
  { key: 'file', icon: Folder, needs: ['speech.document'], on: 'both', private: true },
  { key: 'voice', icon: Mic, needs: ['speech.voice'], on: 'desk', private: true },
  { key: 'matter', icon: ClipboardList, needs: ['matter.issue'], on: 'both' },
  { key: 'dossier', icon: BookOpenText, needs: ['dossier.open'], on: 'both' },
  { key: 'call', icon: Phone, needs: ['call.start'], on: 'both' },
  { key: 'contact', icon: ContactRound, needs: [], on: 'phone' },
  { key: 'location', icon: MapPin, needs: ['location.send'], on: 'both' },
  { key: 'case', icon: FileText, needs: [], on: 'both' },
  // At a desk these stand in the head of the room.
  { key: 'open', icon: CirclePlay, needs: ['sitting.open'], on: 'phone' },
  { key: 'close', icon: CirclePause, needs: ['sitting.close'], on: 'phone' },
  { key: 'reschedule', icon: CalendarClock, needs: ['sitting.reschedule'], on: 'phone' },
  { key: 'end', icon: CircleStop, needs: ['sitting.end'], on: 'phone' },
]
const ROOM_TOOLS: readonly ToolKey[] = ['contact', 'location', 'matter', 'dossier', 'call', 'open', 'close', 'reschedule', 'end'] satisfies RoomTool[]

/** What I may do here now; in private only what can go to one member. */
export function toolsFor(place: 'phone' | 'desk', may: (kind: Act['kind']) => boolean, alone = false): Tool[] {
  const offered = (tool: Tool) => (tool.on === 'both' || tool.on === place) && (!alone || tool.private === true)
  return TOOLS.filter((tool) => offered(tool) && (tool.needs.length === 0 || tool.needs.some(may)))
}

export function isRoomTool(key: ToolKey): key is RoomTool {
  return ROOM_TOOLS.includes(key)
}
