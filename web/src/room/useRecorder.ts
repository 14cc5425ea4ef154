/** Recording one's voice: press to begin, press to stop, listen, send or throw away. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { serverNow } from '@/api/clock'
import { fullDate, hourMinute } from '@/time'
import { voiceName, voiceType } from '@/uploads/recorder'

/** Minutes; a longer speech is better said in several messages. */
const LONGEST = 10

export interface Recording {
  blob: Blob
  name: string
  seconds: number
  /** For listening before it is sent. */
  url: string
}

export type RecorderState = 'idle' | 'asking' | 'recording' | 'ready'

export function useRecorder(failed: (why: 'unsupported' | 'denied') => void) {
  const state = ref<RecorderState>('idle')
  const seconds = ref(0)
  const result = shallowRef<Recording | null>(null)
  let recorder: MediaRecorder | null = null
  let stream: MediaStream | null = null
  let timer: ReturnType<typeof setInterval> | undefined
  let keep = false

  const supported = computed(() => typeof MediaRecorder === 'function' && !!navigator.mediaDevices?.getUserMedia)

  async function start(): Promise<void> {
    const type = supported.value ? voiceType((one) => MediaRecorder.isTypeSupported(one)) : null
    if (!type) return failed('unsupported')
    state.value = 'asking'
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } })
    } catch {
      state.value = 'idle'
      return failed('denied')
    }
    // The person may have given up while the browser was asking.
    if ((state.value as RecorderState) !== 'asking') return silence()
    record(stream, type)
  }

  function record(from: MediaStream, type: string): void {
    const chunks: Blob[] = []
    recorder = new MediaRecorder(from, { mimeType: type, audioBitsPerSecond: 48_000 })
    recorder.ondataavailable = (event) => void (event.data.size > 0 && chunks.push(event.data))
    recorder.onstop = () => {
      silence()
      const blob = new Blob(chunks, { type: type.split(';')[0] })
      if (!keep || blob.size === 0) return void (state.value = 'idle')
      const length = Math.max(1, seconds.value)
      result.value = { blob, name: voiceName(type, stamp()), seconds: length, url: URL.createObjectURL(blob) }
      state.value = 'ready'
    }
    keep = false
    seconds.value = 0
    recorder.start(1000)
    const began = performance.now()
    timer = setInterval(() => {
      seconds.value = Math.round((performance.now() - began) / 1000)
      if (seconds.value >= LONGEST * 60) stop()
    }, 250)
    state.value = 'recording'
  }

  function stop(): void {
    keep = true
    if (recorder?.state === 'recording') recorder.stop()
  }

  /** Throws away what was recorded. */
  function cancel(): void {
    keep = false
    if (recorder?.state === 'recording') recorder.stop()
    silence()
    drop()
    state.value = 'idle'
  }

  /** Hands over the recording and begins afresh. */
  function take(): Recording | null {
    const taken = result.value
    drop()
    state.value = 'idle'
    return taken
  }

  function drop(): void {
    if (result.value) URL.revokeObjectURL(result.value.url)
    result.value = null
  }

  function silence(): void {
    clearInterval(timer)
    stream?.getTracks().forEach((track) => track.stop())
    stream = null
  }

  onScopeDispose(cancel)
  return { state, seconds, result, supported, start, stop, cancel, take }
}

function stamp(): string {
  const now = serverNow()
  return `${fullDate(now)} ${hourMinute(now).replace(':', '-')}`
}
