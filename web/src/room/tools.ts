/** The things that the "+" panel and the desktop's tool row offer, in one order. */
import { CalendarClock, Camera, ClipboardList, FileText, Folder, Images, Mic, Phone, Video } from '@lucide/vue'
import type { Component } from 'vue'
import type { Act } from '@/api/types'

export type ToolKey = 'album' | 'camera' | 'film' | 'file' | 'voice' | 'matter' | 'call' | 'case' | 'reschedule'

export interface Tool {
  key: ToolKey
  icon: Component
  /** Any of these act kinds must be mine; none for what needs no right. */
  needs: readonly Act['kind'][]
  /** Where it is offered. */
  on: 'both' | 'phone' | 'desk'
}

const TOOLS: readonly Tool[] = [
  { key: 'album', icon: Images, needs: ['speech.photo', 'speech.video'], on: 'both' },
  { key: 'camera', icon: Camera, needs: ['speech.photo'], on: 'phone' },
  { key: 'film', icon: Video, needs: ['speech.video'], on: 'phone' },
  { key: 'file', icon: Folder, needs: ['speech.document'], on: 'both' },
  { key: 'voice', icon: Mic, needs: ['speech.voice'], on: 'desk' },
  { key: 'matter', icon: ClipboardList, needs: ['matter.issue'], on: 'both' },
  { key: 'call', icon: Phone, needs: ['call.start'], on: 'both' },
  { key: 'case', icon: FileText, needs: [], on: 'both' },
  { key: 'reschedule', icon: CalendarClock, needs: ['sitting.reschedule'], on: 'phone' },
]

export function toolsFor(place: 'phone' | 'desk', may: (kind: Act['kind']) => boolean): Tool[] {
  return TOOLS.filter((tool) => (tool.on === 'both' || tool.on === place) && (tool.needs.length === 0 || tool.needs.some(may)))
}
