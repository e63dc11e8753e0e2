import { memoryRoad } from './memory-transport'
import { testRoad } from './suite'

testRoad((serve) =>
  Promise.resolve({
    connect: () => {
      const { client, core } = memoryRoad()
      serve(core)
      return Promise.resolve(client)
    },
    connectRaw: () => {
      const { client, core } = memoryRoad()
      serve(core)
      return Promise.resolve({
        send: (message: unknown) => client.sendUnchecked(message),
        closed: new Promise<void>((resolve) => client.onClose(resolve)),
      })
    },
    close: () => Promise.resolve(),
  }),
)
