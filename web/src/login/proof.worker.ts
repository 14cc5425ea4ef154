import { solve } from './proof'

self.addEventListener('message', (event: MessageEvent<{ challenge: string; bits: number }>) => {
  const { challenge, bits } = event.data
  solve(challenge, bits, (percent) => self.postMessage({ percent })).then(
    (proof) => self.postMessage({ proof }),
    () => self.postMessage({ failed: true }),
  )
})
