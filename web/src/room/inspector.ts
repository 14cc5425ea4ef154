/**
 * What stands beside a room: on a wide screen in a column, on a narrower one in a drawer. To add a tab, add a line here and a
 * word `desk.inspector.<key>`. A tab is listed only when there is something behind it.
 */
import { defineAsyncComponent, type Component } from 'vue'
import type { Act, RoomMember, RoomView } from '@/api/types'
import MembersPanel from './MembersPanel.vue'
import type { Room } from './useRoom'

/** What every tab is given. */
export interface InspectorProps {
  room: Room
  view: RoomView
}

/** What a tab may ask of the room. */
export interface InspectorEmits {
  /** Look at a member. */
  pick: [member: RoomMember]
  /** Let somebody in. */
  admit: []
  /** Show the photo or the video of an act. */
  open: [act: Act]
  /** Show what proves an act. */
  receipt: [act: Act]
  /** Look at a matter; at the list when none is named. */
  matter: [id: string]
}

export type InspectorTab = 'members' | 'evidence' | 'matters' | 'transcript'

export const INSPECTOR_TABS: readonly { key: InspectorTab; component: Component }[] = [
  { key: 'members', component: MembersPanel },
  { key: 'evidence', component: defineAsyncComponent(() => import('./EvidencePanel.vue')) },
  { key: 'matters', component: defineAsyncComponent(() => import('./matters/MattersPanel.vue')) },
  { key: 'transcript', component: defineAsyncComponent(() => import('./transcript/TranscriptPanel.vue')) },
]
