/** For a Chromium that runs as root in a container, asks nobody on the network, and has no graphics card. */
export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Terminals draw with the DOM then: their text can be read.
  '--disable-3d-apis',
]
