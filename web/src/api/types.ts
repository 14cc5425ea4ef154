// What crosses the wire, under the names that the app uses. The shapes are the API's own: schema.d.ts is generated from its
// OpenAPI document, so that a field which the server renames does not compile here.
import type { components, operations } from './schema'

type Schemas = components['schemas']

/** RFC 3339, UTC. */
export type Instant = string
export type Id = string

export type Role = Schemas['Role']
export type Capacity = Schemas['Capacity']
export type SittingKind = Schemas['SittingKind']
/** A room that can be shown has been scheduled. */
export type Phase = Exclude<Schemas['Phase'], 'unscheduled'>
export type Group = Schemas['Group']
export type Audience = Schemas['Audience']

export type Me = Nullable<Schemas['Me']>
export type RoleChoice = Schemas['RoleChoice']
export type CodeSent = Schemas['CodeSent']
export type Proof = Schemas['Proof']

export type CaseStatus = Schemas['CaseStatus']
export type CaseOrder = NonNullable<NonNullable<operations['cases']['parameters']['query']>['sort']>
export type OwnAct = Schemas['OwnAct']
export type OwnActsPage = Schemas['OwnActsPage']
export type OwnReport = Nullable<Schemas['OwnReport']>
export type InboxReport = Nullable<Schemas['InboxReport']>
export type NewReport = Required<Schemas['MissingCase']>

export type Mine = Schemas['Place']
export type CaseBrief = Schemas['CaseTitle']
export type CaseCard = Shown<Schemas['CaseCard']>
export type Participant = Nullable<Schemas['ParticipantView']>
export type CaseView = CaseCard & { participants: Participant[]; sittings: RoomCard[]; may: Schemas['Kind'][] }

export type RoomCard = Shown<Schemas['RoomCard']>
export type Notice = Schemas['Notice']
export type Gate = Schemas['Gate']
export type RoomMember = Nullable<Schemas['MemberView']>
export type RoomView = Shown<Omit<Schemas['RoomView'], 'members'>> & { members: RoomMember[] }

export type FileInfo = Schemas['File']
export type FileSpeechKind = Extract<Schemas['Body'], { file: unknown; kind: `speech.${string}` }>['kind']
export type CallView = Schemas['CallView']
export type Act = Schemas['ActView']
export type DayCount = Schemas['DayCount']
/** What is looked for in a room; what is not given does not narrow it. */
export interface Sought {
  q?: string
  member?: Id
  /** 2026-11-18 */
  date?: string
  media?: 'true'
  before?: number
  limit?: number
}
export type NewAct = Schemas['Proposal']
export type Appended = Schemas['Receipt']
export type NewSitting = Schemas['ScheduleRequest']
export type UploadView = Schemas['UploadView']

export type InboxCounts = Schemas['InboxCounts']
export type InboxOverview = Schemas['InboxOverview']
export type Notification = Nullable<Schemas['NotificationView']>
export type Topic = Schemas['Topic']
export interface InboxPage {
  items: Notification[]
  next: Id | null
}
export type Subscription = Nullable<Schemas['Subscription']>
export type SubscriptionChoice = Schemas['SubscriptionChoice']
export type PushState = Nullable<Schemas['PushState']>
export type PushWish = Schemas['PushWish']
export type ReminderVerdict = Schemas['ReminderVerdict']

export type Matter = Schemas['MatterView']
export type Matters = Schemas['MattersView']
export type MatterStatus = Schemas['MatterStatus']
export type MatterField = Schemas['MatterField']
export type MatterAnswer = Schemas['AnswerPart']
export type MatterDraft = Schemas['DraftAnswer']

export type Transcript = Nullable<Schemas['TranscriptView']>
export type TranscriptContent = Schemas['TranscriptContent']
export type TranscriptFile = Schemas['TranscriptFile']
export type OwnSignature = Schemas['OwnSignatureView']
export type GivenSignature = Schemas['GiveSignature']
export type Incidents = Schemas['IncidentsView']
export type SignPages = Schemas['SignPages']
export type SignWanted = Schemas['SignWanted']
export type SignPlace = Schemas['PlacedSignature']
export type SignedFile = Schemas['SignedFile']
export type SignatureUse = Schemas['SignatureUseView']
export type SignatureUses = Schemas['SignatureUses']
export type StepUp = Schemas['AskStepUp']
export type CourtDocument = Schemas['DocumentView']
export type Documents = Nullable<Schemas['DocumentsView']>
export type DossierEntry = Nullable<Schemas['EntryView']>
export type DossierDetail = Nullable<Schemas['EntryDetail']>
export type DossierRoom = Schemas['DossierRoom']
export type Dossier = Omit<Schemas['DossierView'], 'entries'> & { entries: DossierEntry[] }
export type DossierFolder = Schemas['DossierFolder']
export type DossierPaper = Schemas['DossierPaper']
export type DossierQuery = NonNullable<operations['dossier']['parameters']['query']>
export type Share = Nullable<Schemas['ShareView']>
export type Pages = Schemas['Pages']
export type PageWidth = NonNullable<NonNullable<operations['share_page']['parameters']['query']>['width']>

/** The server writes what is not there as null; the generated types also let it be missing. */
type Nullable<T> = { [K in keyof T]-?: undefined extends T[K] ? Exclude<T[K], undefined> | null : T[K] }
/** The same for what is shown of a room or a case. */
type Shown<T> = Nullable<Omit<T, 'phase' | 'next'>> &
  (T extends { phase: Schemas['Phase'] } ? { phase: Phase } : unknown) &
  (T extends { next?: unknown } ? { next: (Omit<Schemas['NextSitting'], 'phase'> & { phase: Phase }) | null } : unknown)

export type OfferedTools = Nullable<Schemas['OfferedTools']>
export type TextRead = Omit<Schemas['TextRead'], 'lines'> & { lines: TextLine[] }
/** Its corners are shares of the photo's width and height. */
export type TextLine = Omit<Schemas['TextLine'], 'corners'> & { corners: [number, number][] }
